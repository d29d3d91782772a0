//! How much of what comes too fast passes.

use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Lets so many a second pass, and counts the others.
#[derive(Debug)]
pub(crate) struct Flood {
    per_second: u32,
    second: Option<Instant>,
    passed: u32,
    dropped: u64,
}

impl Flood {
    pub(crate) fn new(per_second: u32) -> Self {
        Self { per_second, second: None, passed: 0, dropped: 0 }
    }

    /// Whether one more passes, and how many did not since one did, told once a second.
    pub(crate) fn admit(&mut self, now: Instant) -> (bool, u64) {
        let mut told = 0;
        if self.is_over(now) {
            self.second = Some(now);
            self.passed = 0;
            told = self.rest();
        }
        let pass = self.passed < self.per_second;
        if pass {
            self.passed += 1;
        } else {
            self.dropped += 1;
        }
        (pass, told)
    }

    /// Whether none passes before the next second.
    pub(crate) fn is_shut(&self, now: Instant) -> bool {
        !self.is_over(now) && self.passed >= self.per_second
    }

    /// Counts some that do not pass.
    pub(crate) fn refuse(&mut self, count: u64) {
        self.dropped += count;
    }

    /// When to tell how many did not pass, if nothing comes until then.
    pub(crate) fn tells_at(&self) -> Option<Instant> {
        self.second.filter(|_| self.dropped > 0).map(|start| start + SECOND)
    }

    /// How many did not pass and were not told yet.
    pub(crate) fn rest(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    fn is_over(&self, now: Instant) -> bool {
        self.second.is_none_or(|start| now - start >= SECOND)
    }
}

#[cfg(test)]
mod tests;
