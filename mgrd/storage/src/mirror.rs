//! A standby's copy of the storage of the active manager. It can be read, but not written.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use futures_util::future::BoxFuture;
use parking_lot::RwLock;

use super::content::{Content, Known};
use super::error::{CommitError, StorageFault};
use super::image::Image;
use super::storage::{Commit, Storage};
use super::transaction::Transaction;
use super::watch::Change;

/// A copy of another manager's storage, as new as the last changes that arrived.
#[derive(Debug, Default)]
pub struct MirrorStorage {
    image: Image,
    /// The origin of what is here.
    origin: AtomicU64,
    /// The revision of the last whole content. The changes of one transaction may arrive in several
    /// parts.
    whole: AtomicU64,
    /// The manager that may write.
    active: RwLock<Option<String>>,
}

impl MirrorStorage {
    /// Sets the manager that may write, if it is known; returns the previous one.
    pub fn set_active(&self, active: Option<String>) -> Option<String> {
        std::mem::replace(&mut *self.active.write(), active)
    }

    /// Replaces the whole content by that of a storage with this origin. Watchers receive what differs.
    pub fn replace(&self, origin: u64, content: Content) {
        self.origin.store(origin, SeqCst);
        self.whole.store(content.revision, SeqCst);
        self.image.replace(content);
    }

    /// What is here.
    #[must_use]
    pub fn known(&self) -> Known {
        let mut content = self.image.content();
        // More parts of the last transaction may be on their way.
        if content.revision != self.whole.load(SeqCst) {
            content.revision = content.revision.saturating_sub(1);
        }
        Known { origin: self.origin.load(SeqCst), content }
    }

    /// Applies later changes in their order, except those that are older than the content.
    pub fn apply(&self, mut changes: Vec<Change>) {
        let known = self.whole.load(SeqCst);
        changes.retain(|change| change.revision > known);
        self.image.apply(&changes);
    }
}

impl Storage for MirrorStorage {
    fn image(&self) -> &Image {
        &self.image
    }

    fn commit(&self, _: Transaction) -> Commit<'_> {
        let active = self.active.read().clone();
        Box::pin(async { Err(CommitError::Standby { active }) })
    }

    /// A copy is not opened for writing, so it has no epoch.
    fn epoch(&self) -> u64 {
        0
    }

    fn origin(&self) -> u64 {
        self.origin.load(SeqCst)
    }

    fn health(&self) -> Option<StorageFault> {
        None
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.image.close_watches();
        Box::pin(std::future::ready(()))
    }
}

#[cfg(test)]
mod tests;
