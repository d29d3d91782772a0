//! How a module process ended, in words.

use std::fmt;

/// With this exit status a module reports that it cannot run here. It is not restarted.
pub const EXIT_CANNOT_RUN: i32 = 77;
/// A module that ends with this exit status speaks no protocol version of this host.
pub const EXIT_PROTOCOL_MISMATCH: i32 = 78;

/// The end of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It returned a status.
    Status(i32),
    /// A signal ended it.
    Signal(i32),
    /// The supervisor ended it, for this reason.
    Killed(String),
    /// It could not be started.
    NotStarted(String),
    /// It was not started, because it cannot run.
    CannotRun(String),
    /// It was not started, for a reason that passes and is not the module's.
    Postponed(String),
}

impl Exit {
    /// From the status that the kernel reports.
    pub(in crate::module) fn from_status(status: std::process::ExitStatus) -> Self {
        use std::os::unix::process::ExitStatusExt;
        match (status.code(), status.signal()) {
            (Some(code), _) => Self::Status(code),
            (None, Some(signal)) => Self::Signal(signal),
            (None, None) => Self::Killed(status.to_string()),
        }
    }

    /// Why the module must not be restarted, if it must not.
    pub(in crate::module) fn refusal(&self) -> Option<String> {
        match self {
            Self::Status(EXIT_CANNOT_RUN) => {
                Some(format!("it says that it cannot run (exit status {EXIT_CANNOT_RUN})"))
            }
            Self::Status(EXIT_PROTOCOL_MISMATCH) => Some(format!(
                "it speaks no protocol version of this mgrd (exit status {EXIT_PROTOCOL_MISMATCH}); \
                 update its SDK"
            )),
            Self::CannotRun(reason) => Some(reason.clone()),
            _ => None,
        }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(code) => write!(f, "exited with status {code}"),
            Self::Signal(number) => match nix::sys::signal::Signal::try_from(*number) {
                Ok(signal) => write!(f, "killed by {}", signal.as_str()),
                Err(_) => write!(f, "killed by signal {number}"),
            },
            Self::Killed(reason) | Self::CannotRun(reason) => f.write_str(reason),
            Self::Postponed(reason) => write!(f, "cannot be started for the moment: {reason}"),
            Self::NotStarted(reason) => write!(f, "could not be started: {reason}"),
        }
    }
}
