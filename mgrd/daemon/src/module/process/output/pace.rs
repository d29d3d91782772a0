//! How fast a stream is read.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// A second has a hundred turns: short enough that a writer hardly notices the pauses.
const TURN: Duration = Duration::from_millis(10);

/// Allows so many bytes a second. What comes faster waits in its pipe, and its writer with it, so
/// that reading it never takes more than a small share of the daemon's time.
#[derive(Debug)]
pub(super) struct Pace {
    per_turn: usize,
    left: usize,
    turn: Instant,
}

impl Pace {
    pub(super) fn new(per_second: usize) -> Self {
        let per_turn = (per_second / 100).max(1);
        Self { per_turn, left: per_turn, turn: Instant::now() }
    }

    /// Waits until there is room, and returns for how many bytes.
    pub(super) async fn room(&mut self) -> usize {
        if self.left == 0 {
            sleep_until(self.turn + TURN).await;
        }
        if self.turn.elapsed() >= TURN {
            self.turn = Instant::now();
            self.left = self.per_turn;
        }
        self.left
    }

    /// So many bytes were read.
    pub(super) fn took(&mut self, bytes: usize) {
        self.left = self.left.saturating_sub(bytes);
    }
}
