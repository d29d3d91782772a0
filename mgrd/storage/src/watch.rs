//! Watches: every change below a prefix, in order, to whoever asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::sync::mpsc::{self, error::TryRecvError, error::TrySendError};

use super::contract::Key;

/// How many changes wait for a watcher before it is told that it lags.
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

/// What a watch tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WatchEvent {
    /// The next change.
    Change(Change),
    /// Changes were dropped because this watcher was too slow: read everything again. Those after
    /// the moment this was told follow.
    Lagged,
}

/// The changes below a prefix. Dropping it ends the watch.
#[derive(Debug)]
pub struct Watch {
    changes: mpsc::Receiver<Change>,
    lagged: Arc<AtomicBool>,
}

impl Watch {
    /// The next event; `None` when the storage is closed. Loses nothing if cancelled.
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
    /// Set when a change was dropped, cleared by the watcher once it has emptied its queue; in
    /// between nothing is sent, so that all it gets after `Lagged` is in sequence.
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

    /// Tells the changes to whom they concern. The image must show them already, so that a
    /// watcher that resynchronises meanwhile misses nothing.
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
mod tests {
    use super::*;

    fn change(key: &str, revision: u64) -> Change {
        Change { key: key.into(), value: None, revision }
    }

    #[tokio::test]
    async fn a_watcher_sees_only_its_prefix_in_order() {
        let watchers = Watchers::default();
        let mut watch = watchers.add("a/");
        watchers.publish(&[change("a/1", 1), change("b/1", 2), change("a/2", 3)]);
        watchers.close();
        assert_eq!(watch.next().await, Some(WatchEvent::Change(change("a/1", 1))));
        assert_eq!(watch.next().await, Some(WatchEvent::Change(change("a/2", 3))));
        assert_eq!(watch.next().await, None);
    }

    #[tokio::test]
    async fn a_slow_watcher_is_told_after_what_it_still_had_and_goes_on() {
        let watchers = Watchers::default();
        let mut watch = watchers.add("");
        let flood: Vec<_> = (0..WAITING_CHANGES as u64 + 5).map(|n| change("k", n)).collect();
        watchers.publish(&flood);
        for kept in &flood[..WAITING_CHANGES] {
            watchers.publish(&[change("dropped", 0)]);
            assert_eq!(watch.next().await, Some(WatchEvent::Change(kept.clone())));
        }
        assert_eq!(watch.next().await, Some(WatchEvent::Lagged));
        watchers.publish(&[change("k", 9)]);
        assert_eq!(watch.next().await, Some(WatchEvent::Change(change("k", 9))));
    }

    #[test]
    fn a_dropped_watch_is_forgotten() {
        let watchers = Watchers::default();
        drop(watchers.add(""));
        watchers.publish(&[change("k", 1)]);
        assert!(watchers.0.lock().is_empty());
    }
}
