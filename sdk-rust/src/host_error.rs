//! Why the host refused or could not do something.

use tonic::{Code, Status};

use crate::Errno;

/// Why the host refused or could not do something.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
#[error("{message}")]
pub struct HostError {
    kind: HostErrorKind,
    errno: Errno,
    message: String,
}

/// Kinds of [`HostError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HostErrorKind {
    /// The thing does not exist.
    NotFound,
    /// Wrong type, out of range, unknown.
    Invalid,
    /// The module may not do this.
    Denied,
    /// It took too long.
    TimedOut,
    /// The session ended.
    Gone,
    /// The answer is not of the expected shape.
    Shape,
    /// Anything else; see the message.
    Other,
}

impl HostError {
    /// The kind of failure.
    #[must_use]
    pub fn kind(&self) -> HostErrorKind {
        self.kind
    }

    /// Ceph's error number for this failure, or the nearest one.
    #[must_use]
    pub fn errno(&self) -> Errno {
        self.errno
    }

    pub(crate) fn new(kind: HostErrorKind, message: String) -> Self {
        Self { kind, errno: Errno::EINVAL, message }
    }

    pub(crate) fn shape(what: &str, error: &serde_json::Error) -> Self {
        Self::new(HostErrorKind::Shape, format!("{what} is not of the expected shape: {error}"))
    }
}

impl From<Status> for HostError {
    fn from(status: Status) -> Self {
        let (kind, fallback) = match status.code() {
            Code::NotFound => (HostErrorKind::NotFound, Errno::ENOENT),
            Code::InvalidArgument | Code::OutOfRange => (HostErrorKind::Invalid, Errno::EINVAL),
            Code::PermissionDenied | Code::Unauthenticated => {
                (HostErrorKind::Denied, Errno::EACCES)
            }
            Code::DeadlineExceeded => (HostErrorKind::TimedOut, Errno::ETIMEDOUT),
            Code::Unavailable | Code::Cancelled => (HostErrorKind::Gone, Errno::ENOTCONN),
            Code::Unimplemented => (HostErrorKind::Other, Errno::EOPNOTSUPP),
            _ => (HostErrorKind::Other, Errno::EIO),
        };
        let errno = status
            .metadata()
            .get("mgrd-errno")
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map_or(fallback, Errno);
        Self { kind, errno, message: status.message().to_owned() }
    }
}

#[cfg(test)]
mod tests;
