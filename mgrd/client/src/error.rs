//! The errors of the client itself, and the exit status of each.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use mgrd_draft::DraftError;
use mgrd_transport::DialError;
use nix::errno::Errno;
use rustyline::error::ReadlineError;
use tonic::Code;

use super::args::UsageError;
use super::deadline::Silent;

/// Why the client failed.
#[derive(Debug, thiserror::Error)]
pub(super) enum CtlError {
    #[error(
        "mgrctl: no manager answers at {} ({}); start one with 'mgrd --data-dir DIR', or say where it \
         listens with --socket or MGRD_SOCKET", .0.address(), .0.reason()
    )]
    NoManager(#[source] DialError),
    #[error(
        "mgrctl: cannot reach the manager at {} ({}): only root and the user that runs mgrd can; run \
         mgrctl as one of them", .0.address(), .0.reason()
    )]
    Denied(#[source] DialError),
    #[error(
        "mgrctl: a manager runs, but none became active at {} within {} s; look into its log, or \
         wait longer with --connect-timeout", path.display(), limit.as_secs()
    )]
    ConnectTimeout { path: PathBuf, limit: Duration },
    #[error(
        "mgrctl: the connection ended, and no manager answered again at {} within {} s; start one \
         with 'mgrd --data-dir DIR', or wait longer with --connect-timeout",
        path.display(), limit.as_secs()
    )]
    StaysAway { path: PathBuf, limit: Duration },
    #[error("{0}")]
    Usage(#[from] UsageError),
    #[error("mgrctl: argument {} is not UTF-8 text", .0.display())]
    NotText(OsString),
    #[error("mgrctl: usage: {0}")]
    Arguments(&'static str),
    #[error("mgrctl: no command begins with '{}'; mgrctl -h lists all", .0.join(" "))]
    NoSuchCommand(Vec<String>),
    #[error(
        "mgrctl: no module answers '{}'; enable the module that does, such as with 'mgrctl mgr module \
         enable selftest', or name another command with --prefix", .0.join(" ")
    )]
    NoConsole(Vec<String>),
    #[error("mgrctl: cannot read from the terminal: {0}")]
    Terminal(#[source] ReadlineError),
    #[error("mgrctl: cannot {what}: {source}")]
    Io { what: String, source: io::Error },
    #[error("mgrctl: {0}")]
    Draft(#[from] DraftError),
    #[error("Interrupted")]
    Interrupted,
    #[error(
        "Error EIO: the manager went away before it answered; whether the command was carried out \
         is not known, so check before you repeat it"
    )]
    Lost(#[source] Box<tonic::Status>),
    #[error(
        "Error ETIMEDOUT: {0}; it may hang, so look into its log; whether the command was carried out \
         is not known; wait longer with --answer-timeout"
    )]
    Silent(#[source] Silent),
    #[error("Error {name}: {}", .0.message(), name = errno_name(status_errno(.0)))]
    Call(#[source] Box<tonic::Status>),
}

impl From<DialError> for CtlError {
    fn from(error: DialError) -> Self {
        if error.is_denied() { Self::Denied(error) } else { Self::NoManager(error) }
    }
}

impl From<tonic::Status> for CtlError {
    fn from(status: tonic::Status) -> Self {
        // Only the transport itself gives a status a source.
        match std::error::Error::source(&status) {
            Some(source) => match source.downcast_ref::<Silent>() {
                Some(silent) => Self::Silent(silent.clone()),
                None => Self::Lost(Box::new(status)),
            },
            None => Self::Call(Box::new(status)),
        }
    }
}

impl CtlError {
    pub(super) fn io(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        move |source| Self::Io { what, source }
    }

    /// The manager ended a stream without an error.
    pub(super) fn ended() -> Self {
        Self::from(tonic::Status::unavailable(
            "the manager ended the call without an answer; look into its log",
        ))
    }

    /// Whether the manager ended, so that another one may answer.
    pub(super) fn manager_ended(&self) -> bool {
        match self {
            Self::Lost(_) | Self::Silent(_) => true,
            Self::Call(status) => status.code() == Code::Unavailable,
            _ => false,
        }
    }

    /// The exit status. What is not the errno of a command follows sysexits(3), so that a script can tell
    /// both apart; 130 is that of shells for Ctrl-C.
    pub(super) fn exit_status(&self) -> u8 {
        match self {
            Self::Usage(_)
            | Self::NotText(_)
            | Self::Arguments(_)
            | Self::NoSuchCommand(_)
            | Self::NoConsole(_) => 64,
            Self::NoManager(_) | Self::ConnectTimeout { .. } | Self::StaysAway { .. } => 69,
            Self::Io { .. } | Self::Draft(_) | Self::Terminal(_) => 74,
            Self::Denied(_) => 77,
            Self::Interrupted => 130,
            Self::Lost(_) => exit_status(-(Errno::EIO as i32)),
            Self::Silent(_) => exit_status(-(Errno::ETIMEDOUT as i32)),
            Self::Call(status) => exit_status(-(status_errno(status) as i32)),
        }
    }

    /// Whether the reader of the output has closed it, which is not reported.
    pub(super) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Io { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// The exit status for a command's return value; a failure is never 0.
pub(super) fn exit_status(retval: i32) -> u8 {
    if retval >= 0 {
        return 0;
    }
    u8::try_from(retval.unsigned_abs() % 256).ok().filter(|&low| low != 0).unwrap_or(1)
}

/// The name of a return value's error number, as Ceph spells it.
pub(super) fn retval_name(retval: i32) -> String {
    errno_name(Errno::from_raw(retval.saturating_neg()))
}

fn errno_name(errno: Errno) -> String {
    match errno {
        Errno::EOPNOTSUPP => "ENOTSUP".to_owned(),
        Errno::EDEADLK => "EDEADLOCK".to_owned(),
        Errno::UnknownErrno => "Unknown".to_owned(),
        errno => format!("{errno:?}"),
    }
}

/// The trailing metadata in which the manager sends the error number.
const ERRNO: &str = "mgrd-errno";

/// The error number of a failed call: the one that the manager sent, or else the one closest to the
/// code.
fn status_errno(status: &tonic::Status) -> Errno {
    let sent = status.metadata().get(ERRNO).and_then(|value| value.to_str().ok()?.parse().ok());
    let known = sent.map(Errno::from_raw).filter(|errno| *errno != Errno::UnknownErrno);
    known.unwrap_or_else(|| code_errno(status.code()))
}

fn code_errno(code: Code) -> Errno {
    match code {
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => Errno::EINVAL,
        Code::NotFound => Errno::ENOENT,
        Code::AlreadyExists => Errno::EEXIST,
        Code::PermissionDenied | Code::Unauthenticated => Errno::EACCES,
        Code::ResourceExhausted => Errno::EFBIG,
        Code::DeadlineExceeded => Errno::ETIMEDOUT,
        Code::Cancelled | Code::Aborted => Errno::ECANCELED,
        Code::Unimplemented => Errno::EOPNOTSUPP,
        _ => Errno::EIO,
    }
}

#[cfg(test)]
mod tests;
