//! Why a key cannot be written.

use mgrd_command::{CommandError, Errno};
use mgrd_storage::CommitError;

use super::limits::COMMAND_VALUE_LIMIT;
use crate::authority::Room;
use crate::commit_errno::commit_errno;

/// Why a key could not be written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The key is empty.
    #[error("a key may not be empty; name one, such as 'mgr/<module>/<key>'")]
    EmptyKey,
    /// `mgrd` keeps something of its own in the key.
    #[error("the key '{key}' is one of mgrd itself and was not changed; {instead}")]
    Reserved {
        /// The key.
        key: String,
        /// What to do instead.
        instead: &'static str,
    },
    /// The value is not text.
    #[error("the value for '{key}' contains a NUL character; store text, or encode it as base64")]
    NotText {
        /// The key.
        key: String,
    },
    /// The value of a client is too large.
    #[error("the value for '{key}' has {bytes} bytes, the limit is {COMMAND_VALUE_LIMIT}")]
    TooLarge {
        /// The key.
        key: String,
        /// The size of the value.
        bytes: usize,
    },
    /// The value is too large for the store of a module.
    #[error(
        "the value for '{key}' has {bytes} bytes and was not stored: module '{module}' may store \
         values of at most {limit} bytes; split it over several keys, or raise it with \
         'mgrctl mgr module limit {module} store_value_bytes=…'"
    )]
    ValueTooLarge {
        /// The module.
        module: String,
        /// The key.
        key: String,
        /// The size of the value.
        bytes: usize,
        /// How many bytes one value may have.
        limit: usize,
    },
    /// The store of a module is full.
    #[error(
        "'{key}' was not stored: the store of module '{module}' would hold {bytes} bytes, and its \
         limit is {limit}; remove keys that are not needed any more, or raise it with \
         'mgrctl mgr module limit {module} store_bytes=…'"
    )]
    Full {
        /// The module.
        module: String,
        /// The key.
        key: String,
        /// The size of the store after the write.
        bytes: usize,
        /// How many bytes the store may have.
        limit: Room,
    },
    /// The store of a module has too many keys.
    #[error(
        "'{key}' was not stored: the store of module '{module}' has {keys} keys, and its limit is \
         {limit}; remove keys that are not needed any more, or raise it with 'mgrctl mgr module limit {module} store_keys=…'"
    )]
    TooManyKeys {
        /// The module.
        module: String,
        /// The key.
        key: String,
        /// The number of keys.
        keys: usize,
        /// How many keys the store may have.
        limit: Room,
    },
    /// A group of keys outside of the stores of modules is too large.
    #[error(
        "'{key}' was not stored: all {group} would have {bytes} bytes, and limits.store.bytes allows {limit}; \
         remove some with 'mgrctl config-key rm', or raise it in mgrd.toml"
    )]
    OthersFull {
        /// The key.
        key: String,
        /// The group.
        group: &'static str,
        /// Their size after the write.
        bytes: usize,
        /// How many bytes they may have.
        limit: Room,
    },
    /// There are too many keys in a group of keys outside of the stores of modules.
    #[error(
        "'{key}' was not stored: there are {keys} {group}, and limits.store.keys allows {limit}; \
         remove some with 'mgrctl config-key rm', or raise it in mgrd.toml"
    )]
    TooManyOthers {
        /// The key.
        key: String,
        /// The group.
        group: &'static str,
        /// How many there are.
        keys: usize,
        /// How many there may be.
        limit: Room,
    },
    /// The storage refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl StoreError {
    /// The limit that is the reason, if one is.
    pub(super) fn limit(&self) -> Option<&'static str> {
        match self {
            Self::ValueTooLarge { .. } => Some("limits.module.store_value_bytes"),
            Self::Full { .. } => Some("limits.module.store_bytes"),
            Self::TooManyKeys { .. } => Some("limits.module.store_keys"),
            Self::OthersFull { .. } => Some("limits.store.bytes"),
            Self::TooManyOthers { .. } => Some("limits.store.keys"),
            _ => None,
        }
    }
}

impl CommandError for StoreError {
    fn errno(&self) -> Errno {
        match self {
            Self::EmptyKey | Self::NotText { .. } => Errno::EINVAL,
            Self::Reserved { .. } => Errno::EACCES,
            Self::TooLarge { .. } | Self::ValueTooLarge { .. } => Errno::EFBIG,
            Self::Full { .. }
            | Self::TooManyKeys { .. }
            | Self::OthersFull { .. }
            | Self::TooManyOthers { .. } => Errno::ENOSPC,
            Self::Commit(error) => commit_errno(error),
        }
    }
}

#[cfg(test)]
mod tests;
