//! What a standby knows of the active manager's storage: to be read, and never written.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use parking_lot::RwLock;

use super::contract::{Commit, Entry, Key, Storage};
use super::error::{CommitError, StorageFault};
use super::image::{Content, Image};
use super::transaction::Transaction;
use super::watch::{Change, Watch, Watchers};

/// A copy of another manager's storage, as new as what that one told last.
#[derive(Debug, Default)]
pub struct MirrorStorage {
    image: Image,
    watchers: Watchers,
    /// The revision that was taken over whole; those of one transaction may come in several parts.
    whole: AtomicU64,
    /// Who may write.
    active: RwLock<Option<String>>,
}

impl MirrorStorage {
    /// Says which manager may write, if that is known; returns which one could until now.
    pub fn set_active(&self, active: Option<String>) -> Option<String> {
        std::mem::replace(&mut *self.active.write(), active)
    }

    /// Takes over everything; watchers hear of what differs.
    pub fn replace(&self, content: Content) {
        self.whole.store(content.revision, SeqCst);
        let changes = self.image.replace(content);
        self.watchers.publish(&changes);
    }

    /// Takes over what changed since, in the order in which it changed. What is older than the copy
    /// is left out.
    pub fn apply(&self, mut changes: Vec<Change>) {
        let known = self.whole.load(SeqCst);
        changes.retain(|change| change.revision > known);
        self.image.apply(&changes);
        self.watchers.publish(&changes);
    }
}

impl Storage for MirrorStorage {
    fn get(&self, key: &str) -> Option<Entry> {
        self.image.get(key)
    }

    fn range(&self, prefix: &str) -> Vec<(Key, Entry)> {
        self.image.range(prefix)
    }

    fn content(&self) -> Content {
        self.image.content()
    }

    fn commit(&self, _: Transaction) -> Commit<'_> {
        let active = self.active.read().clone();
        Box::pin(async { Err(CommitError::Standby { active }) })
    }

    fn watch(&self, prefix: &str) -> Watch {
        self.watchers.add(prefix)
    }

    fn revision(&self) -> u64 {
        self.image.revision()
    }

    /// A copy is not opened for writing, so that it has no epoch.
    fn epoch(&self) -> u64 {
        0
    }

    fn health(&self) -> Option<StorageFault> {
        None
    }
}
