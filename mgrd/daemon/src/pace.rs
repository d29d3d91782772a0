//! How fast something is taken in: bytes of a stream, or messages.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A second has a hundred turns: short enough that a writer hardly notices the pauses.
const TURN: Duration = Duration::from_millis(10);

/// Allows so many bytes or messages a second. What comes faster waits in its pipe or connection, and its
/// writer with it, so that taking it in never takes more than a small share of the daemon's time.
#[derive(Debug)]
pub(crate) struct Pace {
    per_turn: usize,
    left: usize,
    turn: Instant,
}

impl Pace {
    pub(crate) fn new(per_second: usize) -> Self {
        let per_turn = (per_second / 100).max(1);
        Self { per_turn, left: per_turn, turn: Instant::now() }
    }

    /// Waits until there is room, and returns for how many.
    pub(crate) async fn room(&mut self) -> usize {
        if self.left == 0 {
            sleep_until(self.turn + TURN).await;
        }
        if self.turn.elapsed() >= TURN {
            self.turn = Instant::now();
            self.left = self.per_turn;
        }
        self.left
    }

    /// So many were taken in.
    pub(crate) fn took(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count);
    }
}
