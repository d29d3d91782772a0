//! A module's private keys and values.

use std::collections::BTreeMap;

use mgrd_proto::v1::{Entry, SetStoreRequest};

use crate::HostError;
use crate::host::Host;

/// A module's private keys and values. Reading costs what reading memory costs; a write is durable
/// when it returns, and every reader of this module sees it from then on.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) host: Host,
}

impl Store {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<String> {
        self.host.inner.store.get(key)
    }

    /// All keys that begin with `prefix`, with their values; everything for an empty prefix.
    #[must_use]
    pub fn prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        self.host.inner.store.prefix(prefix)
    }

    /// Sets a key.
    ///
    /// # Errors
    /// The host cannot store it; the message says why.
    pub async fn set(&self, key: &str, value: impl Into<String>) -> Result<(), HostError> {
        self.write(key, Some(value.into())).await
    }

    /// Removes a key, if it is there.
    ///
    /// # Errors
    /// The host cannot store it; the message says why.
    pub async fn remove(&self, key: &str) -> Result<(), HostError> {
        self.write(key, None).await
    }

    async fn write(&self, key: &str, value: Option<String>) -> Result<(), HostError> {
        let request = SetStoreRequest { key: key.to_owned(), value: value.clone() };
        let written = self.host.client().set_store(request).await?.into_inner();
        let entry = Entry { key: key.to_owned(), value, revision: written.revision };
        self.host.inner.store.apply([entry]);
        Ok(())
    }
}
