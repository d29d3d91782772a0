//! Why a module does not answer, as far as its threads show it.

use std::fmt;

use mgrd_threads::{State, Threads};

use crate::text::line;

/// Bytes of the name of a function of the kernel.
const FUNCTION_BYTES: usize = 64;

/// Why a module does not answer pings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    program: Program,
    pid: u32,
    sign: Sign,
}

/// What reads the session in the module's process, and so answers pings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Program {
    /// The SDK for Python.
    Interpreter,
    /// The SDK for Rust.
    Runtime,
    /// A program without an SDK of ours.
    Other,
}

/// What the threads do.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sign {
    Stopped,
    Traced,
    /// One waits in this function of the kernel, if it is known, and no signal can wake it.
    Blocked(Option<String>),
    Computes,
    Waits,
}

impl Cause {
    /// What the threads of a module with this SDK show.
    pub(super) fn of(pid: u32, sdk: &str, threads: &Threads) -> Self {
        let program = match sdk {
            sdk if sdk.starts_with("mgrd-python ") => Program::Interpreter,
            sdk if sdk.starts_with("mgrd-rust ") => Program::Runtime,
            _ => Program::Other,
        };
        let blocked = threads.threads.iter().find(|thread| thread.state == State::Blocked);
        let sign = match (threads.threads.first().map(|first| first.state), blocked) {
            (Some(State::Stopped), _) => Sign::Stopped,
            (Some(State::Traced), _) => Sign::Traced,
            (_, Some(thread)) => {
                let function = thread.waits_in.as_deref();
                Sign::Blocked(function.map(|function| line(function, FUNCTION_BYTES)))
            }
            _ if threads.any(State::Running) => Sign::Computes,
            _ => Sign::Waits,
        };
        Self { program, pid, sign }
    }
}

impl fmt::Display for Cause {
    /// The end of a sentence, and what to do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.sign, self.program) {
            (Sign::Stopped, _) => {
                write!(f, "its process is stopped by a signal; `kill -CONT {}` continues it", self.pid)
            }
            (Sign::Traced, _) => write!(f, "a debugger has stopped its process {}", self.pid),
            (Sign::Blocked(function), _) => {
                f.write_str("its process is blocked in the kernel (state D)")?;
                if let Some(function) = function {
                    write!(f, ", in {function}")?;
                }
                f.write_str("; look at the disks and mounts that it uses")
            }
            (Sign::Computes, Program::Interpreter) => f.write_str(
                "its interpreter does not answer: a thread computes and does not release the lock of \
                 the interpreter",
            ),
            (Sign::Waits, Program::Interpreter) => f.write_str(
                "its interpreter does not answer: a thread holds the lock of the interpreter and waits",
            ),
            (Sign::Computes, Program::Runtime) => f.write_str(
                "its runtime does not answer: code that computes blocks it; such code belongs into \
                 spawn_blocking",
            ),
            (Sign::Waits, Program::Runtime) => f.write_str(
                "its runtime does not answer: code that waits blocks it; such code must use await or \
                 spawn_blocking",
            ),
            (Sign::Computes, Program::Other) => f.write_str("its process computes"),
            (Sign::Waits, Program::Other) => f.write_str("its process waits"),
        }
    }
}

#[cfg(test)]
mod tests;
