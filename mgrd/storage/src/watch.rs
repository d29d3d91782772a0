//! Watches: every change below a prefix, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::mpsc::{self, error::TryRecvError, error::TrySendError};

use super::entry::Key;

/// How many changes may wait for a watcher before it lags.
const WAITING_CHANGES: usize = 1024;
/// How many bytes of keys and values may wait for a watcher before it lags. A single change may have
/// more.
const WAITING_BYTES: usize = 16 << 20;

/// A key was written or removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The key.
    pub key: Key,
    /// Its new value; `None` if it was removed.
    pub value: Option<Bytes>,
    /// The revision of the commit.
    pub revision: u64,
}

impl Change {
    /// What it takes to keep it, in bytes.
    pub(crate) fn weight(&self) -> usize {
        self.key.len() + self.value.as_ref().map_or(0, Bytes::len)
    }
}

/// What happens on a watch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    /// The next change.
    Change(Change),
    /// Changes were dropped because this watcher was too slow: read everything again. The changes
    /// after this event follow.
    Lagged,
}

/// The changes below a prefix. Dropping it ends the watch.
#[derive(Debug)]
pub struct Watch {
    changes: mpsc::Receiver<Change>,
    lagged: Arc<AtomicBool>,
    waiting: Arc<AtomicUsize>,
}

impl Watch {
    /// The next event; `None` after the storage is closed. If it is cancelled, no event is lost.
    pub async fn next(&mut self) -> Option<WatchEvent> {
        match self.changes.try_recv() {
            Ok(change) => return Some(self.took(change)),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        if self.lagged.swap(false, Ordering::SeqCst) {
            return Some(WatchEvent::Lagged);
        }
        let change = self.changes.recv().await?;
        Some(self.took(change))
    }

    fn took(&self, change: Change) -> WatchEvent {
        self.waiting.fetch_sub(change.weight(), Ordering::SeqCst);
        WatchEvent::Change(change)
    }
}

#[derive(Debug)]
struct Watcher {
    prefix: String,
    changes: mpsc::Sender<Change>,
    /// It is set when a change is dropped, and cleared when the watcher has emptied its queue. In
    /// between nothing is sent, so that no change is missing after `Lagged`.
    lagged: Arc<AtomicBool>,
    /// The bytes that wait.
    waiting: Arc<AtomicUsize>,
}

/// All watchers of a storage.
#[derive(Debug, Default)]
pub(super) struct Watchers(Mutex<Vec<Watcher>>);

impl Watchers {
    pub(super) fn add(&self, prefix: &str) -> Watch {
        let (sender, changes) = mpsc::channel(WAITING_CHANGES);
        let lagged = Arc::new(AtomicBool::new(false));
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut watchers = self.0.lock();
        // Without this, those that have ended would stay until the next write.
        watchers.retain(|watcher| !watcher.changes.is_closed());
        watchers.push(Watcher {
            prefix: prefix.to_owned(),
            changes: sender,
            lagged: Arc::clone(&lagged),
            waiting: Arc::clone(&waiting),
        });
        Watch { changes, lagged, waiting }
    }

    /// Sends the changes to the watchers of their keys.
    pub(super) fn publish(&self, changes: &[Change]) {
        self.0.lock().retain(|watcher| {
            let concerned = changes.iter().filter(|c| c.key.starts_with(&watcher.prefix));
            for change in concerned {
                watcher.send(change);
            }
            !watcher.changes.is_closed()
        });
    }

    /// Ends all watches.
    pub(super) fn close(&self) {
        self.0.lock().clear();
    }
}

impl Watcher {
    fn send(&self, change: &Change) {
        if self.lagged.load(Ordering::SeqCst) {
            return;
        }
        let weight = change.weight();
        // It counts before it is sent, because the watcher may take it at once.
        let before = self.waiting.fetch_add(weight, Ordering::SeqCst);
        let has_room = before == 0 || before + weight <= WAITING_BYTES;
        let sent = has_room
            && !matches!(self.changes.try_send(change.clone()), Err(TrySendError::Full(_)));
        if !sent {
            self.waiting.fetch_sub(weight, Ordering::SeqCst);
            self.lagged.store(true, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests;
