//! The whole key space.

use std::sync::Arc;

use bytes::Bytes;
use mgrd_command::{CommandError, Errno};
use mgrd_storage::{CommitError, Key, Storage, Transaction};

use super::module_store::ModuleStore;
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
    /// The storage refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

impl CommandError for StoreError {
    fn errno(&self) -> Errno {
        match self {
            Self::EmptyKey | Self::NotText { .. } => Errno::EINVAL,
            Self::TooLarge { .. } => Errno::EFBIG,
            Self::Commit(error) => commit_errno(error),
        }
    }
}

/// All keys. A clone is the same store.
#[derive(Clone)]
pub struct Store {
    pub(super) storage: Arc<dyn Storage>,
}

impl Store {
    /// The store over `storage`.
    #[must_use]
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage }
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
    /// If the key is empty, the value larger than [`COMMAND_VALUE_LIMIT`], or storage refuses.
    pub async fn set(&self, key: &str, value: Bytes) -> Result<u64, StoreError> {
        if key.is_empty() {
            return Err(StoreError::EmptyKey);
        }
        if value.len() > COMMAND_VALUE_LIMIT {
            return Err(StoreError::TooLarge { key: key.to_owned(), bytes: value.len() });
        }
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
        ModuleStore { storage: Arc::clone(&self.storage), prefix: format!("mgr/{module}/") }
    }
}
