//! A rate limit that counts what it drops.

use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Lets `per_second` items pass in each second, and counts the others.
#[derive(Debug)]
pub(crate) struct RateLimit {
    per_second: u32,
    second: Option<Instant>,
    passed: u32,
    dropped: u64,
}

impl RateLimit {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second, second: None, passed: 0, dropped: 0 }
    }

    /// Whether one more item passes. Once a second also returns the number of dropped items.
    pub(crate) fn admit(&mut self, now: Instant) -> (bool, u64) {
        let mut reported = 0;
        if self.is_over(now) {
            self.second = Some(now);
            self.passed = 0;
            reported = self.take_dropped();
        }
        let pass = self.passed < self.per_second;
        if pass {
            self.passed += 1;
        } else {
            self.dropped += 1;
        }
        (pass, reported)
    }

    /// Whether no item passes before the next second.
    pub(crate) fn is_exhausted(&self, now: Instant) -> bool {
        !self.is_over(now) && self.passed >= self.per_second
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

    fn is_over(&self, now: Instant) -> bool {
        self.second.is_none_or(|start| now - start >= SECOND)
    }
}

#[cfg(test)]
mod tests;
