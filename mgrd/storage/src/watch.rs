//! Watches: every change below a prefix, in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::mpsc::{self, error::TryRecvError, error::TrySendError};

use super::entry::Key;

/// How many changes may wait for a watcher before it lags.
const WAITING_CHANGES: usize = 1024;

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
}

impl Watch {
    /// The next event; `None` after the storage is closed. If it is cancelled, no event is lost.
    pub async fn next(&mut self) -> Option<WatchEvent> {
        match self.changes.try_recv() {
            Ok(change) => return Some(WatchEvent::Change(change)),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        if self.lagged.swap(false, Ordering::SeqCst) {
            return Some(WatchEvent::Lagged);
        }
        self.changes.recv().await.map(WatchEvent::Change)
    }
}

#[derive(Debug)]
struct Watcher {
    prefix: String,
    changes: mpsc::Sender<Change>,
    /// It is set when a change is dropped, and cleared when the watcher has emptied its queue. In
    /// between nothing is sent, so that no change is missing after `Lagged`.
    lagged: Arc<AtomicBool>,
}

/// All watchers of a storage.
#[derive(Debug, Default)]
pub(super) struct Watchers(Mutex<Vec<Watcher>>);

impl Watchers {
    pub(super) fn add(&self, prefix: &str) -> Watch {
        let (sender, changes) = mpsc::channel(WAITING_CHANGES);
        let lagged = Arc::new(AtomicBool::new(false));
        let prefix = prefix.to_owned();
        self.0.lock().push(Watcher { prefix, changes: sender, lagged: Arc::clone(&lagged) });
        Watch { changes, lagged }
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
        if let Err(TrySendError::Full(_)) = self.changes.try_send(change.clone()) {
            self.lagged.store(true, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests;
