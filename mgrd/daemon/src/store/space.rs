//! The whole key space.

use std::sync::Arc;

use bytes::Bytes;
use mgrd_command::{CommandError, Errno};
use mgrd_storage::{CommitError, Key, Storage, Transaction};

use super::module_store::ModuleStore;
use super::quota::{Quota, StoreLimits, folder};
use crate::commit_errno::commit_errno;

/// The largest value, in bytes, that a client may set; a module may store larger ones.
pub const COMMAND_VALUE_LIMIT: usize = 65536;

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

/// All keys. A clone is the same store.
#[derive(Clone)]
pub struct Store {
    pub(super) storage: Arc<dyn Storage>,
    quota: Arc<Quota>,
}

impl Store {
    /// The store over `storage`, in which each module has so much room.
    #[must_use]
    pub fn new(storage: Arc<dyn Storage>, limits: StoreLimits) -> Self {
        let quota = Arc::new(Quota::new(Arc::clone(&storage), limits));
        Self { storage, quota }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Bytes> {
        self.storage.get(key).map(|entry| entry.value)
    }

    /// All keys and values below a prefix, in order.
    #[must_use]
    pub fn range(&self, prefix: &str) -> Vec<(Key, Bytes)> {
        let found = self.storage.range(prefix).into_iter();
        found.map(|(key, entry)| (key, entry.value)).collect()
    }

    /// Sets a key for a client; returns the revision once it is durable.
    ///
    /// # Errors
    /// If the key is empty, the value larger than [`COMMAND_VALUE_LIMIT`], the key a module's whose
    /// store has no room, or storage refuses.
    pub async fn set(&self, key: &str, value: Bytes) -> Result<u64, StoreError> {
        if key.is_empty() {
            return Err(StoreError::EmptyKey);
        }
        if value.len() > COMMAND_VALUE_LIMIT {
            return Err(StoreError::TooLarge { key: key.to_owned(), bytes: value.len() });
        }
        self.put(key, value).await
    }

    /// Sets a key, for a module or an operator. Only here do the limits of a store apply.
    pub(super) async fn put(&self, key: &str, value: Bytes) -> Result<u64, StoreError> {
        let _admitted = self.quota.admit(key, value.len())?;
        Ok(self.storage.commit(Transaction::new().put(key, value)).await?.revision)
    }

    /// Removes a key, which need not exist; returns the revision once it is durable.
    ///
    /// # Errors
    /// If storage refuses.
    pub async fn remove(&self, key: &str) -> Result<u64, StoreError> {
        Ok(self.storage.commit(Transaction::new().delete(key)).await?.revision)
    }

    /// The private keys of a module.
    #[must_use]
    pub fn module(&self, module: &str) -> ModuleStore {
        ModuleStore { store: self.clone(), prefix: folder(module) }
    }
}

#[cfg(test)]
mod tests;
