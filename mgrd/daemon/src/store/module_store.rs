//! What belongs to one module.

use mgrd_storage::{Entry, Usage};

use super::changes::StoreChanges;
use super::error::StoreError;
use super::quota::folder;
use super::space::Store;

/// A module's private keys: text to text. A clone is the same store.
///
/// As with the real one, a module may store values larger than a client may set.
#[derive(Clone)]
pub struct ModuleStore {
    store: Store,
    /// `mgr/<module>/`.
    prefix: String,
}

/// A text and the revision that wrote it.
pub type Text = (String, u64);

/// Some of the keys of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextPage {
    /// The keys, without the module's prefix, and their values.
    pub entries: Vec<(String, Text)>,
    /// Whether there are keys after the last of these.
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
    /// The keys after `after`, in order: about as many as have `bytes` bytes together, and at least
    /// one if there is any. An empty `after` begins. A value that a client set and that is not text
    /// reads with replacement characters.
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

    /// The revision of the last commit to the storage behind it.
    #[must_use]
    pub fn revision(&self) -> u64 {
        self.store.storage.revision()
    }

    /// How much it holds.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.store.storage.usage(&self.prefix)
    }

    /// Sets a key, or removes it with `None`; returns the revision once it is durable.
    ///
    /// # Errors
    /// If the key is empty, the value has a NUL character, the store has no room, or storage
    /// refuses.
    pub async fn set(&self, key: &str, value: Option<&str>) -> Result<u64, StoreError> {
        if key.is_empty() {
            return Err(StoreError::EmptyKey);
        }
        let whole = format!("{}{key}", self.prefix);
        match value {
            Some(value) if value.contains('\0') => Err(StoreError::NotText { key: key.to_owned() }),
            Some(value) => self.store.put(&whole, value.to_owned().into()).await,
            None => self.store.remove(&whole).await,
        }
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
