//! The error that the functions of a module return.

use std::fmt;

use crate::{CommandError, Errno, HostError, RemoteError};

/// The result of the functions of a module.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error number with a text for people: the answer to a command that failed.
///
/// Any error converts into it with `?`. An error of this crate or of the operating system keeps its
/// number, any other gets `EINVAL`; [`wrap`](Self::wrap) gives another number.
pub struct Error {
    errno: Errno,
    message: String,
}

impl Error {
    /// An error with this number. The message should name the thing, the reason and the next step.
    pub fn new(errno: Errno, message: impl Into<String>) -> Self {
        Self { errno, message: message.into() }
    }

    /// The caller gave something invalid: `EINVAL`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Errno::EINVAL, message)
    }

    /// Something does not exist: `ENOENT`.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Errno::ENOENT, message)
    }

    /// Any error, with a number that you choose: `.map_err(|e| Error::wrap(Errno::ENOENT, e))`.
    pub fn wrap(errno: Errno, error: impl std::error::Error) -> Self {
        Self { errno, message: chain(&error) }
    }

    /// Adds the next step to the text: `no pool 'x'; see osd pool ls`.
    #[must_use]
    pub fn hint(mut self, next_step: &str) -> Self {
        self.message = format!("{}; {next_step}", self.message);
        self
    }

    /// The number.
    #[must_use]
    pub fn errno(&self) -> Errno {
        self.errno
    }

    /// The text.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.errno)
    }
}

// `Error` does not implement `std::error::Error`, so that this conversion can cover every type that
// does.
impl<E: std::error::Error + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::wrap(number(&error).unwrap_or(Errno::EINVAL), error)
    }
}

/// The number of the error, if it has one.
fn number(error: &(dyn std::error::Error + 'static)) -> Option<Errno> {
    let host = error.downcast_ref().map(HostError::errno);
    let remote = || error.downcast_ref().map(RemoteError::errno);
    let command = || error.downcast_ref().map(CommandError::errno);
    let system = || error.downcast_ref::<std::io::Error>()?.raw_os_error().map(Errno);
    host.or_else(remote).or_else(command).or_else(system)
}

/// An error's text and those of its causes.
fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !message.ends_with(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        cause = next.source();
    }
    message
}

#[cfg(test)]
mod tests;
