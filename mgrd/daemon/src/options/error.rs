//! Why an option could not be read or written.

use mgrd_command::{CommandError, Errno};
use mgrd_storage::CommitError;

use super::value::ValueError;
use crate::commit_errno::commit_errno;

/// Why an option could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum OptionError {
    /// No such section, while writing.
    #[error("unrecognized config target '{0}'")]
    UnknownTarget(String),
    /// No such section, while reading.
    #[error("unrecognized entity '{0}'")]
    UnknownEntity(String),
    /// No such option, while writing.
    #[error("unrecognized config option '{0}'; 'config ls' lists them all, --force sets it anyway")]
    UnknownOption(String),
    /// No such option, while reading.
    #[error("unrecognized key '{0}'")]
    UnknownKey(String),
    /// The value is refused.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// It is too long to be kept.
    #[error(
        "the {what} of option '{name}' has {bytes} bytes, at most {limit} are allowed; use a \
         shorter one, or raise {setting} in [limits.options]"
    )]
    TooLong {
        /// The section, the name or the value.
        what: &'static str,
        /// The option; the start of its name, if that is too long.
        name: String,
        /// Its length.
        bytes: usize,
        /// The limit.
        limit: usize,
        /// The name of the limit.
        setting: &'static str,
    },
    /// There is no such version to go back to.
    #[error("there is no version {version}; 'config log' shows those up to {last}")]
    UnknownVersion {
        /// The version asked for.
        version: i64,
        /// The last one.
        last: u64,
    },
    /// The storage refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl CommandError for OptionError {
    fn errno(&self) -> Errno {
        match self {
            Self::UnknownKey(_) => Errno::ENOENT,
            Self::TooLong { .. } => Errno::EFBIG,
            Self::Commit(error) => commit_errno(error),
            _ => Errno::EINVAL,
        }
    }
}

#[cfg(test)]
mod tests;
