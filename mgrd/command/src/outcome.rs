//! The outcome of a command: a return value, output and error output.

use std::fmt;

use bytes::Bytes;

/// The result of one command, as Ceph's clients know it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Zero, or a negative errno; positive values are passed on and count as success.
    pub retval: i32,
    /// The output.
    pub stdout: Bytes,
    /// The error output or status text, without a final newline.
    pub stderr: String,
}

impl Outcome {
    /// Success, with `stdout` as output.
    #[must_use]
    pub fn ok(stdout: impl Into<Bytes>) -> Self {
        Self { stdout: stdout.into(), ..Self::default() }
    }

    /// Success without output, with a status text for people.
    #[must_use]
    pub fn status(stderr: impl Into<String>) -> Self {
        Self { stderr: stderr.into(), ..Self::default() }
    }

    /// Failure with `errno` and a text with the next step.
    #[must_use]
    pub fn error(errno: Errno, stderr: impl Into<String>) -> Self {
        Self { retval: -(errno as i32), stderr: stderr.into(), ..Self::default() }
    }
}

/// The error numbers of outcomes (Linux values, as Ceph uses them).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are the standard ones of errno(3)")]
pub enum Errno {
    EPERM = 1,
    ENOENT = 2,
    ESRCH = 3,
    EINTR = 4,
    EIO = 5,
    E2BIG = 7,
    EAGAIN = 11,
    EACCES = 13,
    EBUSY = 16,
    EEXIST = 17,
    EINVAL = 22,
    EFBIG = 27,
    ENOSPC = 28,
    EROFS = 30,
    ERANGE = 34,
    ENOTSUP = 95,
    ETIMEDOUT = 110,
    ECANCELED = 125,
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An error that a command can end with.
pub trait CommandError: std::error::Error {
    /// The error number that clients see.
    fn errno(&self) -> Errno;
}

impl<E: CommandError> From<E> for Outcome {
    fn from(error: E) -> Self {
        Self::error(error.errno(), error.to_string())
    }
}

impl<E: CommandError> From<Result<Self, E>> for Outcome {
    fn from(result: Result<Self, E>) -> Self {
        result.unwrap_or_else(Self::from)
    }
}
