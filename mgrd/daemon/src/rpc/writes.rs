//! The time of the thread that writes: how much of it each caller uses, and who is held back because
//! others write.
//!
//! A write waits for those that were begun before it. A caller that writes without a pause would double the
//! time of each write of the others, so it gets its share of this thread as it does of the worker thread.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

use super::shares::{Id, Shares};

/// The writes of all callers.
#[derive(Debug)]
pub(super) struct Writes {
    shares: Shares,
    under_way: AtomicU32,
}

impl Writes {
    pub(super) fn new(now: Instant) -> Self {
        Self { shares: Shares::new(now), under_way: AtomicU32::default() }
    }

    /// Adds a caller.
    pub(super) fn add(&self) -> Id {
        self.shares.add()
    }

    /// Removes a caller.
    pub(super) fn remove(&self, id: Id) {
        self.shares.remove(id);
    }

    /// Counts a write, until [`Self::end`].
    pub(super) fn begin(&self, id: Id, now: Instant) {
        self.under_way.fetch_add(1, Relaxed);
        self.shares.asks(id, now);
    }

    /// Counts the time of a write. Those that are under way together share one commit, so each has its part.
    pub(super) fn end(&self, id: Id, start: Instant, now: Instant) {
        let together = self.under_way.fetch_sub(1, Relaxed).max(1);
        self.shares.charge(id, now, now.saturating_duration_since(start) / together);
    }

    /// How long a caller should not write, because others do.
    pub(super) fn pause(&self, id: Id, now: Instant) -> Option<Duration> {
        self.shares.pause(id, now)
    }
}

#[cfg(test)]
mod tests;
