//! How a module process ended.

use std::fmt;
use std::io;

use nix::errno::Errno;
use nix::sys::signal::Signal;

use super::confinement::Exceeded;
use super::out_of_memory::OutOfMemory;

/// With this exit status a module reports that it cannot run here. It is not restarted.
pub const EXIT_CANNOT_RUN: i32 = 77;
/// With this exit status a module reports that it supports no protocol version of this host.
pub const EXIT_PROTOCOL_MISMATCH: i32 = 78;

/// The name of a signal, such as `SIGKILL`.
#[must_use]
pub fn signal_name(number: i32) -> String {
    match Signal::try_from(number) {
        Ok(signal) => signal.as_str().to_owned(),
        Err(_) => format!("signal {number}"),
    }
}

/// The end of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It returned a status.
    Status(i32),
    /// A signal ended it.
    Signal(i32),
    /// `mgrd` killed it, because it exceeded a limit.
    Exceeded(Exceeded),
    /// It ran out of memory before `mgrd` saw that.
    OutOfMemory(OutOfMemory),
    /// It ended, but the system does not say how.
    Unknown(Errno),
}

/// An exit status with which a module reports that it cannot run. It is not restarted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something that it needs is missing.
    #[error("it says that it cannot run (exit status {EXIT_CANNOT_RUN})")]
    CannotRun,
    /// It was built for other versions of the protocol.
    #[error(
        "it supports no protocol version of this mgrd (exit status {EXIT_PROTOCOL_MISMATCH}); \
         update its SDK"
    )]
    ProtocolMismatch,
}

impl Exit {
    /// From what the kernel reports.
    pub(in crate::module) fn from_wait(waited: io::Result<std::process::ExitStatus>) -> Self {
        use std::os::unix::process::ExitStatusExt;
        match waited.map(|status| (status.code(), status.signal())) {
            Ok((Some(code), _)) => Self::Status(code),
            Ok((None, Some(signal))) => Self::Signal(signal),
            Ok((None, None)) => Self::Unknown(Errno::UnknownErrno),
            Err(error) => Self::Unknown(Errno::from_raw(error.raw_os_error().unwrap_or_default())),
        }
    }

    /// Whether a fault of the program itself ended it, such as a wrong access to memory.
    pub(in crate::module) fn is_fault(self) -> bool {
        use Signal::{SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
        let faults = [SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP];
        matches!(self, Self::Signal(number) if faults.iter().any(|fault| *fault as i32 == number))
    }

    /// Why the module must not be restarted, if it must not.
    pub(in crate::module) fn refusal(self) -> Option<Refusal> {
        match self {
            Self::Status(EXIT_CANNOT_RUN) => Some(Refusal::CannotRun),
            Self::Status(EXIT_PROTOCOL_MISMATCH) => Some(Refusal::ProtocolMismatch),
            _ => None,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(code) => write!(f, "exited with status {code}"),
            Self::Signal(number) => write!(f, "killed by {}", signal_name(*number)),
            Self::Exceeded(exceeded) => exceeded.fmt(f),
            Self::OutOfMemory(how) => how.fmt(f),
            Self::Unknown(errno) => write!(f, "ended in an unknown way: {}", errno.desc()),
        }
    }
}

impl std::error::Error for Exit {}

#[cfg(test)]
mod tests;
