//! How fast something is taken in: bytes of a stream, or messages.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A second has a hundred turns: short enough that a writer hardly notices the pauses.
const TURN: Duration = Duration::from_millis(10);
const SECOND: u128 = Duration::from_secs(1).as_nanos();

/// Allows so many bytes or messages a second. What comes faster waits in its pipe or connection, and its
/// writer with it, so that taking it in never takes more than a small share of the daemon's time.
#[derive(Debug)]
pub(crate) struct Pace {
    per_second: u128,
    burst: usize,
    left: usize,
    /// Until when the time counts in `left`.
    counted: Instant,
}

impl Pace {
    /// At most the share of one turn at once.
    pub(crate) fn new(per_second: usize) -> Self {
        Self::with_burst(per_second, per_second.div_ceil(100))
    }

    /// At most `burst` at once, after a time with less.
    pub(crate) fn with_burst(per_second: usize, burst: usize) -> Self {
        let (per_second, burst) = (per_second.max(1) as u128, burst.max(1));
        Self { per_second, burst, left: burst, counted: Instant::now() }
    }

    /// Whether there is no room now.
    pub(crate) fn is_full(&mut self) -> bool {
        self.fill();
        self.left == 0
    }

    /// Waits until there is room, and returns for how many.
    pub(crate) async fn room(&mut self) -> usize {
        while self.is_full() {
            sleep_until(self.counted + nanos(SECOND.div_ceil(self.per_second)).max(TURN)).await;
        }
        self.left
    }

    /// So many were taken in.
    pub(crate) fn took(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
    }

    /// Adds the room of the time that passed. The part of it that is too short for one counts next time.
    fn fill(&mut self) {
        let more = self.counted.elapsed().as_nanos() * self.per_second / SECOND;
        self.counted += nanos((more * SECOND).div_ceil(self.per_second));
        let more = usize::try_from(more).unwrap_or(usize::MAX);
        self.left = self.left.saturating_add(more).min(self.burst);
    }
}

fn nanos(count: u128) -> Duration {
    Duration::from_nanos(u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests;
