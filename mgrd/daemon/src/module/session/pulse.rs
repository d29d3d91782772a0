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
    /// For how long the manager stood still while that was under way.
    stood_still: Duration,
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
        if busy < state.busy {
            state.stood_still = Duration::ZERO;
        }
        (state.busy, state.busy_with) = (busy, busy_with);
    }

    /// The manager stood still for so long, which does not count.
    pub(super) fn forgive(&self, late: Duration) {
        let mut state = self.0.lock();
        state.stood_still += late;
        if let Some(since) = &mut state.unanswered_since {
            *since += late;
        }
    }

    /// For how long a ping has been unanswered.
    pub(in crate::module) fn unanswered(&self) -> Duration {
        self.0.lock().unanswered_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// The age of the oldest unfinished handler, and what it is.
    pub(in crate::module) fn busy(&self) -> (Duration, String) {
        let state = self.0.lock();
        (state.busy.saturating_sub(state.stood_still), state.busy_with.clone())
    }
}
