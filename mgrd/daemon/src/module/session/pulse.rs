//! Whether a module answers pings, and what it is busy with.

use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// What the pings of a session found out.
#[derive(Debug, Default)]
pub(in crate::module) struct Pulse(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// The number of the last ping.
    seq: u64,
    unanswered_since: Option<Instant>,
    busy: Duration,
    busy_with: String,
}

impl Pulse {
    /// The number of a new ping.
    ///
    /// # Errors
    ///
    /// For how long the last ping has been unanswered, if it is.
    pub(super) fn begin_ping(&self) -> Result<u64, Duration> {
        let mut state = self.0.lock();
        if let Some(since) = state.unanswered_since {
            return Err(since.elapsed());
        }
        state.seq += 1;
        state.unanswered_since = Some(Instant::now());
        Ok(state.seq)
    }

    /// Records the answer to a ping.
    pub(super) fn answer(&self, seq: u64, busy: Duration, busy_with: String) {
        let mut state = self.0.lock();
        if seq == state.seq {
            state.unanswered_since = None;
        }
        (state.busy, state.busy_with) = (busy, busy_with);
    }

    /// For how long a ping has been unanswered.
    pub(in crate::module) fn unanswered(&self) -> Duration {
        self.0.lock().unanswered_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// The age of the oldest unfinished handler, and what it is.
    pub(in crate::module) fn busy(&self) -> (Duration, String) {
        let state = self.0.lock();
        (state.busy, state.busy_with.clone())
    }
}
