//! What belongs to one module.

use std::collections::BTreeMap;
use std::sync::Arc;

use mgrd_storage::{Entry, Storage, Transaction};

use super::changes::StoreChanges;
use super::space::StoreError;

/// A module's private keys: text to text. A clone is the same store.
///
/// As with the real one, a module may store values larger than a client may set; the storage's
/// limit for one transaction bounds them.
#[derive(Clone)]
pub struct ModuleStore {
    pub(super) storage: Arc<dyn Storage>,
    /// `mgr/<module>/`.
    pub(super) prefix: String,
}

/// A text and the revision that wrote it.
pub type Text = (String, u64);

impl ModuleStore {
    /// All keys that begin with `prefix`, without the module's own prefix. A value that a client set
    /// and that is not text reads with replacement characters.
    #[must_use]
    pub fn range(&self, prefix: &str) -> BTreeMap<String, Text> {
        let found = self.storage.range(&format!("{}{prefix}", self.prefix)).into_iter();
        found.map(|(key, entry)| (key[self.prefix.len()..].to_owned(), text(entry))).collect()
    }

    /// Sets a key, or removes it with `None`; returns the revision once it is durable.
    ///
    /// # Errors
    /// If the key is empty, the value has a NUL character, or storage refuses.
    pub async fn set(&self, key: &str, value: Option<&str>) -> Result<u64, StoreError> {
        if key.is_empty() {
            return Err(StoreError::EmptyKey);
        }
        let whole = format!("{}{key}", self.prefix);
        let write = match value {
            Some(value) if value.contains('\0') => {
                return Err(StoreError::NotText { key: key.to_owned() });
            }
            Some(value) => Transaction::new().put(&whole, value.to_owned()),
            None => Transaction::new().delete(&whole),
        };
        Ok(self.storage.commit(write).await?.revision)
    }

    /// The changes from now on, whoever makes them. Watch first, then read.
    #[must_use]
    pub fn watch(&self) -> StoreChanges {
        StoreChanges { watch: self.storage.watch(&self.prefix), prefix: self.prefix.len() }
    }
}

pub(super) fn text(entry: Entry) -> Text {
    (String::from_utf8_lossy(&entry.value).into_owned(), entry.revision)
}
