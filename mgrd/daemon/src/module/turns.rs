//! Turns for work that may hang: a few at the same time, and one for each key.

use std::collections::HashMap;
use std::hash::Hash;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

/// Why there is no turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoTurn {
    /// The work with the same key does not end.
    Silent,
    /// Too much other work does not end.
    Busy,
}

/// Work that hangs cannot be ended: it keeps its turn until it comes back. Until then there is no
/// other turn for its key.
#[derive(Debug)]
pub(super) struct Turns<K> {
    limit: Duration,
    places: Arc<Semaphore>,
    keys: Mutex<HashMap<K, Arc<Key>>>,
}

#[derive(Debug, Default)]
struct Key {
    free: Arc<tokio::sync::Mutex<()>>,
    /// When the work that is under way began.
    begun: Mutex<Option<Instant>>,
}

/// What work has as long as it lasts.
#[derive(Debug)]
pub(super) struct Turn {
    key: Arc<Key>,
    _free: OwnedMutexGuard<()>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.key.begun.lock() = None;
    }
}

impl<K: Clone + Eq + Hash> Turns<K> {
    /// At most `places` turns at the same time. Work that takes longer than `limit` hangs.
    pub(super) fn new(places: u32, limit: Duration) -> Self {
        let places = Arc::new(Semaphore::new(places.max(1) as usize));
        Self { limit, places, keys: Mutex::default() }
    }

    /// The next turn for this key.
    pub(super) async fn take(&self, key: &K) -> Result<Turn, NoTurn> {
        let key = self.key(key);
        let mut free = pin!(Arc::clone(&key.free).lock_owned());
        let free = loop {
            let begun = *key.begun.lock();
            let until = begun.unwrap_or_else(Instant::now) + self.limit;
            match timeout_at(until, &mut free).await {
                Ok(free) => break free,
                // While the work of others ends, this work waits for its turn.
                Err(_) if *key.begun.lock() == begun => return Err(NoTurn::Silent),
                Err(_) => {}
            }
        };
        let place = timeout(self.limit, Arc::clone(&self.places).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(NoTurn::Busy) };
        *key.begun.lock() = Some(Instant::now());
        Ok(Turn { key, _free: free, _place: place })
    }

    /// How many turns are left.
    #[cfg(test)]
    pub(super) fn left(&self) -> usize {
        self.places.available_permits()
    }

    fn key(&self, key: &K) -> Arc<Key> {
        let mut keys = self.keys.lock();
        keys.retain(|_, key| Arc::strong_count(key) > 1);
        Arc::clone(keys.entry(key.clone()).or_default())
    }
}
