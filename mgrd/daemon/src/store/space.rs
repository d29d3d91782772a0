//! The store with the keys of all modules.

use std::sync::Arc;

use bytes::Bytes;
use mgrd_storage::{Key, Storage, Transaction};

use super::error::StoreError;
use super::limits::{COMMAND_VALUE_LIMIT, KeyLimits, StoreLimits};
use super::quota::{Place, Quota, module_of};
use super::reserved;
use crate::authority::Writer;
use crate::module_limits::ModuleLimits;
use crate::write::write;

/// All keys and values. A clone is the same store.
#[derive(Clone)]
pub struct Store {
    pub(super) storage: Arc<dyn Storage>,
    quota: Arc<Quota>,
    writer: Writer,
}

impl Store {
    /// The store in `storage`, with these limits for each module, unless it has its `own`, and for all other
    /// keys together.
    #[must_use]
    pub fn new(
        storage: Arc<dyn Storage>,
        limits: StoreLimits,
        others: KeyLimits,
        own: Arc<ModuleLimits>,
    ) -> Self {
        let quota = Arc::new(Quota::new(Arc::clone(&storage), limits, others, own));
        Self { storage, quota, writer: Writer::default() }
    }

    /// The same store, as `writer` writes it.
    #[must_use]
    pub fn by(&self, writer: Writer) -> Self {
        Self { writer, ..self.clone() }
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Bytes> {
        self.storage.get(key).map(|entry| entry.value)
    }

    /// All keys with a prefix and their values, in order.
    #[must_use]
    pub fn range(&self, prefix: &str) -> Vec<(Key, Bytes)> {
        let found = self.storage.range(prefix).into_iter();
        found.map(|(key, entry)| (key, entry.value)).collect()
    }

    /// Sets a key for a client. Returns the revision when the write is durable.
    ///
    /// # Errors
    /// If the key is empty or one of `mgrd` itself, the value is larger than [`COMMAND_VALUE_LIMIT`], there is no room for it in the
    /// store of its module or among the other keys, or the storage refuses.
    pub async fn set(&self, key: &str, value: Bytes) -> Result<u64, StoreError> {
        if key.is_empty() {
            return Err(StoreError::EmptyKey);
        }
        reserved::check(key)?;
        if value.len() > COMMAND_VALUE_LIMIT {
            return Err(StoreError::TooLarge { key: key.to_owned(), bytes: value.len() });
        }
        self.put(self.quota.place_of(key), &self.writer, key, value).await
    }

    /// Sets a key, for a module or an operator. Only here do the limits of a store apply.
    pub(super) async fn put(
        &self,
        place: Place<'_>,
        writer: &Writer,
        key: &str,
        value: Bytes,
    ) -> Result<u64, StoreError> {
        let _admitted = self.quota.admit(place, writer, key, value.len())?;
        let transaction = Transaction::new().put(key, value);
        Ok(write(&*self.storage, &owner(key), transaction).await?.revision)
    }

    /// Removes a key, if it exists. Returns the revision when the write is durable.
    ///
    /// # Errors
    /// If the key is one of `mgrd` itself, or the storage refuses.
    pub async fn remove(&self, key: &str) -> Result<u64, StoreError> {
        reserved::check(key)?;
        let transaction = Transaction::new().delete(key);
        Ok(write(&*self.storage, &owner(key), transaction).await?.revision)
    }
}

/// The module that a key belongs to, for the log.
fn owner(key: &str) -> String {
    module_of(key).map_or_else(|| "store".to_owned(), |module| format!("module.{module}"))
}
