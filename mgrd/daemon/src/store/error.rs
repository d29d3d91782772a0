//! Why a key cannot be written.

use mgrd_command::{CommandError, Errno};
use mgrd_storage::CommitError;

use super::limits::COMMAND_VALUE_LIMIT;
use crate::commit_errno::commit_errno;

/// Why a key could not be written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Nothing can be kept under no name.
    #[error("a key may not be empty; name one, such as 'mgr/<module>/<key>'")]
    EmptyKey,
    /// A module's values are text.
    #[error("the value for '{key}' contains a NUL character; store text, or encode it as base64")]
    NotText {
        /// The key.
        key: String,
    },
    /// A client's value is too large.
    #[error("the value for '{key}' has {bytes} bytes, the limit is {COMMAND_VALUE_LIMIT}")]
    TooLarge {
        /// The key.
        key: String,
        /// Its size.
        bytes: usize,
    },
    /// A value is too large for a module's store.
    #[error(
        "the value for '{key}' has {bytes} bytes and was not stored: module '{module}' may store \
         values of at most {limit} bytes; split it over several keys, or raise store_value_bytes \
         in [limits.module]"
    )]
    ValueTooLarge {
        /// Whose store.
        module: String,
        /// The key.
        key: String,
        /// The size of the value.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A module's store is full.
    #[error(
        "'{key}' was not stored: the store of module '{module}' would hold {bytes} bytes, and its \
         limit is {limit}; remove keys that are not needed any more, or raise store_bytes in \
         [limits.module]"
    )]
    Full {
        /// Whose store.
        module: String,
        /// The key.
        key: String,
        /// What the store would hold.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// A module's store has too many keys.
    #[error(
        "'{key}' was not stored: the store of module '{module}' has {keys} keys, and its limit is \
         {limit}; remove keys that are not needed any more, or raise store_keys in [limits.module]"
    )]
    TooManyKeys {
        /// Whose store.
        module: String,
        /// The key.
        key: String,
        /// How many there are.
        keys: usize,
        /// The limit.
        limit: usize,
    },
    /// The storage refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl CommandError for StoreError {
    fn errno(&self) -> Errno {
        match self {
            Self::EmptyKey | Self::NotText { .. } => Errno::EINVAL,
            Self::TooLarge { .. } | Self::ValueTooLarge { .. } => Errno::EFBIG,
            Self::Full { .. } | Self::TooManyKeys { .. } => Errno::ENOSPC,
            Self::Commit(error) => commit_errno(error),
        }
    }
}

#[cfg(test)]
mod tests;
