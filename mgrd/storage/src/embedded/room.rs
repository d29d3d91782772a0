//! Whether writes were refused lately because they did not fit, although smaller ones may.

use std::time::{Duration, Instant};

/// How long after the last refusal it is over, and how often it is logged.
const LATELY: Duration = Duration::from_secs(60);

/// The refused writes of the last time.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Bytes of the smallest one, and when one was refused last.
    refused: Option<(usize, Instant)>,
    logged: Option<Instant>,
}

impl Room {
    /// Notes a write that did not fit. Returns whether to log it.
    pub(super) fn refuse(&mut self, bytes: usize, now: Instant) -> bool {
        let smallest = self.smallest(now).map_or(bytes, |smallest| smallest.min(bytes));
        self.refused = Some((smallest, now));
        let logs = self.logged.is_none_or(|logged| now.duration_since(logged) >= LATELY);
        if logs {
            self.logged = Some(now);
        }
        logs
    }

    /// Notes a write that fits.
    pub(super) fn accept(&mut self, bytes: usize) {
        self.refused = self.refused.filter(|(smallest, _)| bytes < *smallest);
    }

    /// Bytes of the smallest write that did not fit lately, if none of that size has fitted since.
    pub(super) fn smallest(&self, now: Instant) -> Option<usize> {
        let (bytes, last) = self.refused?;
        (now.duration_since(last) < LATELY).then_some(bytes)
    }
}

#[cfg(test)]
mod tests;
