//! A bounded list of what happened last, that can be followed live.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::broadcast;

/// How far a follower may fall behind before it misses entries; it learns how many.
const FOLLOWER_LAG: usize = 1024;

/// The last entries, oldest first; older ones make room for new ones.
pub struct Ring<T> {
    kept: Mutex<VecDeque<Arc<T>>>,
    limit: usize,
    followers: broadcast::Sender<Arc<T>>,
}

impl<T> Ring<T> {
    /// A ring that keeps `limit` entries.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let (followers, _) = broadcast::channel(FOLLOWER_LAG);
        Self { kept: Mutex::default(), limit, followers }
    }

    /// Adds an entry and tells those who follow.
    pub fn push(&self, entry: T) {
        let entry = Arc::new(entry);
        let mut kept = self.kept.lock();
        if kept.len() == self.limit {
            kept.pop_front();
        }
        kept.push_back(entry.clone());
        // No follower is no error.
        let _ = self.followers.send(entry);
    }

    /// The newest `count` entries that `fits` accepts, oldest first.
    #[must_use]
    pub fn last(&self, count: usize, fits: impl Fn(&T) -> bool) -> Vec<Arc<T>> {
        let kept = self.kept.lock();
        let mut found: Vec<_> =
            kept.iter().rev().filter(|e| fits(e)).take(count).cloned().collect();
        found.reverse();
        found
    }

    /// The entries from now on. A follower that falls far behind learns how many it missed.
    #[must_use]
    pub fn follow(&self) -> broadcast::Receiver<Arc<T>> {
        self.followers.subscribe()
    }
}

#[cfg(test)]
mod tests;
