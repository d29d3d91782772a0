//! A bounded list of the last entries. Readers can follow it live.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::broadcast;

/// How many entries a reader may fall behind before it misses some. It learns how many it missed.
const FOLLOWER_LAG: usize = 1024;

/// A source that has this part of a full list loses an entry of its own when it adds one.
const SHARE: usize = 8;

/// The last entries, oldest first.
pub struct Ring<T> {
    kept: Mutex<Kept<T>>,
    limit: usize,
    bytes: usize,
    weigh: fn(&T) -> usize,
    followers: broadcast::Sender<Arc<T>>,
}

/// The entries of a ring, oldest first.
struct Kept<T> {
    entries: VecDeque<Arc<T>>,
    /// What they weigh together.
    bytes: usize,
}

impl<T> Ring<T> {
    /// A ring for `limit` entries.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self::weighed(limit, usize::MAX, |_| 0)
    }

    /// A ring for `limit` entries that together weigh no more than `bytes`, unless one alone does.
    #[must_use]
    pub fn weighed(limit: usize, bytes: usize, weigh: fn(&T) -> usize) -> Self {
        let (followers, _) = broadcast::channel(FOLLOWER_LAG);
        let kept = Mutex::new(Kept { entries: VecDeque::new(), bytes: 0 });
        Self { kept, limit, bytes, weigh, followers }
    }

    /// Adds an entry and sends it to the readers that follow. Removes the oldest entries if the ring is
    /// full.
    pub fn push(&self, entry: T) {
        self.add(entry, |entries, _| entries.pop_front());
    }

    /// The same, but if many entries are from the source of this one, the oldest of those is removed.
    pub fn push_of_many(&self, entry: T, is_same_source: impl Fn(&T, &T) -> bool) {
        self.add(entry, |entries, entry| {
            leave(entries, self.limit, |other| is_same_source(other, entry))
        });
    }

    fn add(&self, entry: T, leave: impl Fn(&mut VecDeque<Arc<T>>, &T) -> Option<Arc<T>>) {
        let entry = Arc::new(entry);
        let weight = (self.weigh)(&entry);
        let mut kept = self.kept.lock();
        while kept.entries.len() >= self.limit.max(1)
            || (kept.bytes.saturating_add(weight) > self.bytes && !kept.entries.is_empty())
        {
            if let Some(leaves) = leave(&mut kept.entries, &entry) {
                kept.bytes -= (self.weigh)(&leaves);
            }
        }
        kept.bytes += weight;
        kept.entries.push_back(entry.clone());
        // It fails if there are no followers.
        let _ = self.followers.send(entry);
    }

    /// As [`Ring::last`] and [`Ring::follow`], with no entry missing between both and none in both.
    #[must_use]
    pub fn last_and_follow(
        &self,
        count: usize,
        fits: impl Fn(&T) -> bool,
    ) -> (Vec<Arc<T>>, broadcast::Receiver<Arc<T>>) {
        let kept = self.kept.lock();
        (newest(&kept.entries, count, fits), self.follow())
    }

    /// The newest `count` entries for which `fits` is true, oldest first.
    #[must_use]
    pub fn last(&self, count: usize, fits: impl Fn(&T) -> bool) -> Vec<Arc<T>> {
        newest(&self.kept.lock().entries, count, fits)
    }

    /// The entries from now on. A reader that falls far behind learns how many it missed.
    #[must_use]
    pub fn follow(&self) -> broadcast::Receiver<Arc<T>> {
        self.followers.subscribe()
    }
}

/// Removes an entry of a full list, so that one of the same source can be added. No source takes the room
/// of all others.
pub(super) fn make_room<T>(
    kept: &mut VecDeque<T>,
    limit: usize,
    is_same_source: impl Fn(&T) -> bool,
) {
    while kept.len() >= limit.max(1) {
        leave(kept, limit, &is_same_source);
    }
}

/// Removes the oldest entry, or the oldest one of the same source if it has many.
fn leave<T>(
    kept: &mut VecDeque<T>,
    limit: usize,
    is_same_source: impl Fn(&T) -> bool,
) -> Option<T> {
    let own = kept.iter().filter(|other| is_same_source(other)).count();
    let oldest = || kept.iter().position(&is_same_source);
    let leaves = if own >= limit / SHARE { oldest() } else { None };
    kept.remove(leaves.unwrap_or(0))
}

fn newest<T>(kept: &VecDeque<Arc<T>>, count: usize, fits: impl Fn(&T) -> bool) -> Vec<Arc<T>> {
    let mut found: Vec<_> = kept.iter().rev().filter(|e| fits(e)).take(count).cloned().collect();
    found.reverse();
    found
}

#[cfg(test)]
mod tests;
