//! The store of one module.

use mgrd_storage::{Entry, Usage};

use super::changes::StoreChanges;
use super::error::StoreError;
use super::quota::{Place, folder, module_of};
use super::space::Store;
use crate::authority::Writer;

/// A module's private keys and values, which are text. A clone is the same store.
///
/// As in Ceph, a module may store larger values than a client may set.
#[derive(Clone)]
pub struct ModuleStore {
    store: Store,
    /// `mgr/<module>/`.
    prefix: String,
}

/// A value and the revision that wrote it.
pub type Text = (String, u64);

/// Some of the keys of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPage {
    /// The keys, without the module's prefix, and their values.
    pub entries: Vec<(String, Text)>,
    /// Whether more keys follow.
    pub more: bool,
}

impl Store {
    /// The private keys of a module.
    #[must_use]
    pub fn module(&self, module: &str) -> ModuleStore {
        ModuleStore { store: self.clone(), prefix: folder(module) }
    }
}

impl ModuleStore {
    /// The keys after `after`, in order: about `bytes` bytes, and at least one key if there is one.
    /// An empty `after` means from the start. If a client stored bytes that are not text, they are
    /// read with replacement characters.
    #[must_use]
    pub fn page(&self, after: &str, bytes: usize) -> TextPage {
        let after =
            if after.is_empty() { String::new() } else { format!("{}{after}", self.prefix) };
        let page = self.store.storage.page(&self.prefix, &after, bytes);
        let entries = page.entries.into_iter();
        let entries =
            entries.map(|(key, entry)| (key[self.prefix.len()..].to_owned(), text(entry)));
        TextPage { entries: entries.collect(), more: page.more }
    }

    /// The revision of the last commit to the storage.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.store.storage.revision()
    }

    /// The number of its keys and bytes.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.store.storage.usage(&self.prefix)
    }

    /// Sets a key, or removes it if `value` is `None`. Returns the revision when the write is
    /// durable.
    ///
    /// # Errors
    /// If the key is empty, the value contains a NUL character, the store is full, or the storage
    /// refuses.
    pub async fn set(&self, key: &str, value: Option<&str>) -> Result<u64, StoreError> {
        if key.is_empty() {
            return Err(StoreError::EmptyKey);
        }
        let whole = format!("{}{key}", self.prefix);
        match value {
            Some(value) if value.contains('\0') => Err(StoreError::NotText { key: key.to_owned() }),
            Some(value) => self.put(&whole, value).await,
            None => self.store.remove(&whole).await,
        }
    }

    async fn put(&self, key: &str, value: &str) -> Result<u64, StoreError> {
        let module = module_of(&self.prefix).unwrap_or_default();
        let writer = Writer::owner(module);
        self.store.put(Place::Module(module), &writer, key, value.to_owned().into()).await
    }

    /// All changes from now on. Watch first, then read.
    #[must_use]
    pub fn watch(&self) -> StoreChanges {
        StoreChanges { watch: self.store.storage.watch(&self.prefix), prefix: self.prefix.len() }
    }
}

fn text(entry: Entry) -> Text {
    (String::from_utf8_lossy(&entry.value).into_owned(), entry.revision)
}
