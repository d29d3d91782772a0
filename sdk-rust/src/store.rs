//! A module's private keys and values.

use std::collections::BTreeMap;

use mgrd_proto::v1::{Entry, SetStoreRequest};

use crate::{Host, HostError};

/// The private keys and values of a module, to read and write. A read is as fast as a read of
/// memory. A write is durable when it returns, and every later read of this module sees it.
#[derive(Clone, Debug)]
pub struct Store(StoreReader);

/// The private keys and values of a module, to read only. A read is as fast as a read of memory.
#[derive(Clone, Debug)]
pub struct StoreReader(Host);

impl StoreReader {
    pub(crate) fn new(host: Host) -> Self {
        Self(host)
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.inner.store.get(key)
    }

    /// The value of a key for this manager alone, or else the value for all managers.
    #[must_use]
    pub fn get_localized(&self, key: &str) -> Option<String> {
        self.get(&self.localized(key)).or_else(|| self.get(key))
    }

    /// All keys that begin with `prefix`, with their values; an empty prefix gives everything.
    #[must_use]
    pub fn prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        self.0.inner.store.prefix(prefix)
    }

    fn localized(&self, key: &str) -> String {
        format!("{}/{key}", self.0.mgr_id())
    }
}

impl Store {
    pub(crate) fn new(host: Host) -> Self {
        Self(StoreReader::new(host))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        self.0.get(key)
    }

    /// The value of a key for this manager alone, or else the value for all managers.
    #[must_use]
    pub fn get_localized(&self, key: &str) -> Option<String> {
        self.0.get_localized(key)
    }

    /// All keys that begin with `prefix`, with their values; an empty prefix gives everything.
    #[must_use]
    pub fn prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        self.0.prefix(prefix)
    }

    /// Sets a key.
    ///
    /// # Errors
    /// The host cannot store it; the message says why.
    pub async fn set(&self, key: &str, value: impl Into<String>) -> Result<(), HostError> {
        self.write(key, Some(value.into())).await
    }

    /// Sets a key for this manager alone.
    ///
    /// # Errors
    /// The host cannot store it; the message says why.
    pub async fn set_localized(
        &self,
        key: &str,
        value: impl Into<String>,
    ) -> Result<(), HostError> {
        self.write(&self.0.localized(key), Some(value.into())).await
    }

    /// Removes a key, if it exists.
    ///
    /// # Errors
    /// The host cannot store it; the message says why.
    pub async fn remove(&self, key: &str) -> Result<(), HostError> {
        self.write(key, None).await
    }

    /// Removes a key for this manager alone, if it exists.
    ///
    /// # Errors
    /// The host cannot store it; the message says why.
    pub async fn remove_localized(&self, key: &str) -> Result<(), HostError> {
        self.write(&self.0.localized(key), None).await
    }

    async fn write(&self, key: &str, value: Option<String>) -> Result<(), HostError> {
        let host = &self.0.0;
        let request = SetStoreRequest { key: key.to_owned(), value: value.clone() };
        let written = host.client().set_store(request).await?.into_inner();
        let entry = Entry { key: key.to_owned(), value, revision: written.revision };
        host.inner.store.apply([entry]);
        Ok(())
    }
}
