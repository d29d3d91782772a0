//! A standby's copy of the active manager's storage. It can be read and not written.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use futures_util::future::BoxFuture;
use parking_lot::RwLock;

use super::content::Content;
use super::entry::{Entry, Key};
use super::error::{CommitError, StorageFault};
use super::image::Image;
use super::page::Page;
use super::storage::{Commit, Storage};
use super::transaction::Transaction;
use super::usage::Usage;
use super::watch::{Change, Watch, Watchers};

/// A copy of another manager's storage, as new as the last changes that arrived.
#[derive(Debug, Default)]
pub struct MirrorStorage {
    image: Image,
    watchers: Watchers,
    /// The revision that was taken over as a whole. The changes of one transaction may arrive in
    /// several parts.
    whole: AtomicU64,
    /// Who may write.
    active: RwLock<Option<String>>,
}

impl MirrorStorage {
    /// Sets which manager may write, if that is known; returns which one could until now.
    pub fn set_active(&self, active: Option<String>) -> Option<String> {
        std::mem::replace(&mut *self.active.write(), active)
    }

    /// Takes over everything; watchers get what differs.
    pub fn replace(&self, content: Content) {
        self.whole.store(content.revision, SeqCst);
        let changes = self.image.replace(content);
        self.watchers.publish(&changes);
    }

    /// Takes over later changes in their order. A change that is older than the copy is left out.
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

    fn page(&self, prefix: &str, after: &str, bytes: usize) -> Page {
        self.image.page(prefix, after, bytes)
    }

    fn usage(&self, folder: &str) -> Usage {
        self.image.usage(folder)
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

    /// A copy is not opened for writing, so it has no epoch.
    fn epoch(&self) -> u64 {
        0
    }

    fn health(&self) -> Option<StorageFault> {
        None
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.watchers.close();
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests;
