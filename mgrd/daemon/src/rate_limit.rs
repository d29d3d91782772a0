//! A rate limit, in items and bytes, that counts what it drops.

use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Lets `per_second` items pass in each second, and no more of them when they have
/// `bytes_per_second`. It counts the others.
#[derive(Debug)]
pub(crate) struct RateLimit {
    per_second: u32,
    bytes_per_second: usize,
    second: Option<Instant>,
    passed: u32,
    passed_bytes: usize,
    dropped: u64,
}

impl RateLimit {
    pub(crate) fn new(per_second: u32) -> Self {
        Self {
            per_second,
            bytes_per_second: usize::MAX,
            second: None,
            passed: 0,
            passed_bytes: 0,
            dropped: 0,
        }
    }

    /// The same with a limit of bytes. The last item of a second may exceed it.
    pub(crate) fn with_bytes(self, bytes_per_second: usize) -> Self {
        Self { bytes_per_second, ..self }
    }

    /// Changes what passes from now on.
    pub(crate) fn set(&mut self, per_second: u32, bytes_per_second: usize) {
        (self.per_second, self.bytes_per_second) = (per_second, bytes_per_second);
    }

    /// Whether one more item passes. Once a second also returns the number of dropped items.
    pub(crate) fn admit(&mut self, now: Instant) -> (bool, u64) {
        self.admit_bytes(now, 0)
    }

    /// Like [`Self::admit`], for an item of this size.
    pub(crate) fn admit_bytes(&mut self, now: Instant, bytes: usize) -> (bool, u64) {
        let mut reported = 0;
        if self.is_over(now) {
            self.second = Some(now);
            (self.passed, self.passed_bytes) = (0, 0);
            reported = self.take_dropped();
        }
        let pass = self.has_room();
        if pass {
            self.passed += 1;
            self.passed_bytes = self.passed_bytes.saturating_add(bytes);
        } else {
            self.dropped += 1;
        }
        (pass, reported)
    }

    /// Whether no item passes before the next second.
    pub(crate) fn is_exhausted(&self, now: Instant) -> bool {
        !self.is_over(now) && !self.has_room()
    }

    /// Counts items that are dropped without a call of [`Self::admit`].
    pub(crate) fn refuse(&mut self, count: u64) {
        self.dropped += count;
    }

    /// When to report the dropped items, if no item comes before.
    pub(crate) fn report_at(&self) -> Option<Instant> {
        self.second.filter(|_| self.dropped > 0).map(|start| start + SECOND)
    }

    /// The number of dropped items that are not reported yet.
    pub(crate) fn take_dropped(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    fn has_room(&self) -> bool {
        self.passed < self.per_second && self.passed_bytes < self.bytes_per_second
    }

    fn is_over(&self, now: Instant) -> bool {
        self.second.is_none_or(|start| now - start >= SECOND)
    }
}

#[cfg(test)]
mod tests;
