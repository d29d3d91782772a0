//! What a module's own code returns when something went wrong.

use std::fmt;

use crate::{Errno, HostError, RemoteError};

/// What a module's functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error number with a text for people: the answer to a command that failed.
///
/// Any error converts into it with `?`; its number is then `EINVAL`, unless it is one of this
/// crate's errors, which keep theirs.
pub struct Error {
    errno: Errno,
    message: String,
}

impl Error {
    /// An error of this number. The message should name the thing, the reason and the next step.
    pub fn new(errno: Errno, message: impl Into<String>) -> Self {
        Self { errno, message: message.into() }
    }

    /// Something wrong with what the caller gave: `EINVAL`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Errno::EINVAL, message)
    }

    /// Something that is not there: `ENOENT`.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Errno::ENOENT, message)
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
        write!(f, "{} (errno {})", self.message, self.errno.0)
    }
}

// `Error` is no `std::error::Error` itself, so that this conversion can be for all that are.
impl<E: std::error::Error + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        let any: &(dyn std::error::Error + 'static) = &error;
        let errno = if let Some(host) = any.downcast_ref::<HostError>() {
            host.errno()
        } else if let Some(remote) = any.downcast_ref::<RemoteError>() {
            remote.errno()
        } else {
            Errno::EINVAL
        };
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
        Self { errno, message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_error_keeps_its_text_and_becomes_einval() {
        let error: Error = "x".parse::<u8>().unwrap_err().into();
        assert_eq!(
            (error.errno(), error.message()),
            (Errno::EINVAL, "invalid digit found in string")
        );
    }

    #[test]
    fn an_error_of_this_crate_keeps_its_number() {
        let error: Error = HostError::from(tonic::Status::not_found("no option 'x'")).into();
        assert_eq!((error.errno(), error.message()), (Errno::ENOENT, "no option 'x'"));
    }
}
