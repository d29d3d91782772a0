//! How much of what comes too fast passes.

use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// Lets so many lines a second pass, and counts the others.
#[derive(Debug)]
pub(in crate::module) struct Flood {
    per_second: u32,
    second: Option<Instant>,
    passed: u32,
    dropped: u64,
}

impl Flood {
    pub(in crate::module) fn new(per_second: u32) -> Self {
        Self { per_second, second: None, passed: 0, dropped: 0 }
    }

    /// Whether a line passes, and how many did not since one did, told once a second.
    pub(in crate::module) fn admit(&mut self, now: Instant) -> (bool, u64) {
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

    /// Whether no line passes before the next second.
    pub(super) fn is_shut(&self, now: Instant) -> bool {
        !self.is_over(now) && self.passed >= self.per_second
    }

    /// Counts lines that do not pass.
    pub(super) fn refuse(&mut self, lines: u64) {
        self.dropped += lines;
    }

    /// When to tell how many did not pass, if nothing comes until then.
    pub(super) fn tells_at(&self) -> Option<Instant> {
        self.second.filter(|_| self.dropped > 0).map(|start| start + SECOND)
    }

    /// How many did not pass and were not told yet.
    pub(in crate::module) fn rest(&mut self) -> u64 {
        std::mem::take(&mut self.dropped)
    }

    fn is_over(&self, now: Instant) -> bool {
        self.second.is_none_or(|start| now - start >= SECOND)
    }
}
