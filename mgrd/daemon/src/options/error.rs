//! Why an option cannot be read or written.

use mgrd_command::{CommandError, Errno};
use mgrd_storage::CommitError;

use super::schema::OptionSchema;
use super::value::ValueError;
use crate::authority::Room;
use crate::commit_errno::commit_errno;
use crate::text::line;

/// How much of a refused value an error shows.
const SHOWN_BYTES: usize = 64;

/// Why an option cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum OptionError {
    /// A write names an unknown section.
    #[error("unrecognized config target '{0}'")]
    UnknownTarget(String),
    /// A read names an unknown section.
    #[error("unrecognized entity '{0}'")]
    UnknownEntity(String),
    /// A write names an unknown option.
    #[error("unrecognized config option '{0}'; 'config ls' lists them all, --force sets it anyway")]
    UnknownOption(String),
    /// A read names an unknown option.
    #[error("unrecognized key '{0}'; 'config ls' lists them all")]
    UnknownKey(String),
    /// The value is invalid.
    #[error(transparent)]
    Value(Box<RefusedValue>),
    /// The section, the name or the value is too long.
    #[error(
        "the {what} of option '{name}' has {bytes} bytes, at most {limit} are allowed; use a \
         shorter one, or raise limits.options.{setting}"
    )]
    TooLong {
        /// Which of the three is too long.
        what: &'static str,
        /// The option. If its name is too long, the start of it.
        name: String,
        /// Its length.
        bytes: usize,
        /// How many bytes are allowed.
        limit: usize,
        /// The name of the limit.
        setting: &'static str,
    },
    /// One command sets too many options.
    #[error(
        "no option was set: one command sets at most {limit} options, not {count}; split the file, or raise \
         limits.options.at_once"
    )]
    TooMany {
        /// How many it sets.
        count: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// There is no room for the option.
    #[error(
        "option '{name}' was not set: {whose} would have {bytes} bytes, at most {limit} are \
         allowed; remove some with 'mgrctl config rm', or raise {setting}"
    )]
    Full {
        /// The option.
        name: String,
        /// The options that have no room for it.
        whose: String,
        /// Their size with it.
        bytes: usize,
        /// How many bytes are allowed.
        limit: Room,
        /// The name of the limit.
        setting: &'static str,
    },
    /// The version to revert to does not exist.
    #[error("there is no version {version}; 'config log' shows those up to {last}")]
    UnknownVersion {
        /// The requested version.
        version: i64,
        /// The last version.
        last: u64,
    },
    /// The storage refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// Why a value of an option is refused, and which values it takes.
#[derive(Debug, thiserror::Error)]
#[error("{source}; option '{name}' takes {expected}, not '{}'", line(value, SHOWN_BYTES))]
pub struct RefusedValue {
    name: String,
    value: String,
    expected: String,
    source: ValueError,
}

impl OptionError {
    pub(super) fn refused_value(
        name: &str,
        schema: &OptionSchema,
        value: &str,
        source: ValueError,
    ) -> Self {
        let expected = schema.expected().unwrap_or_else(|| "one of these".to_owned());
        let (name, value) = (name.to_owned(), value.to_owned());
        Self::Value(Box::new(RefusedValue { name, value, expected, source }))
    }
}

impl CommandError for OptionError {
    fn errno(&self) -> Errno {
        match self {
            Self::UnknownKey(_) => Errno::ENOENT,
            Self::TooLong { .. } => Errno::EFBIG,
            Self::TooMany { .. } => Errno::E2BIG,
            Self::Full { .. } => Errno::ENOSPC,
            Self::Commit(error) => commit_errno(error),
            _ => Errno::EINVAL,
        }
    }
}

#[cfg(test)]
mod tests;
