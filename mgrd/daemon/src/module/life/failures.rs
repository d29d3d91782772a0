//! The failures of a module, and when it is tried again.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::input::Now;
use super::limits::LifeLimits;

/// The failures of a module that count.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Failures {
    pub(super) recent: VecDeque<Instant>,
    /// The delay before the next try grows with it.
    pub(super) attempt: u32,
    /// Whether there were too many.
    gave_up: bool,
}

/// When a module that failed is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NextTry {
    Now,
    After(Duration),
    /// After the time of the slow retry, because it failed too often.
    Slow,
}

impl Failures {
    pub(super) fn is_empty(&self) -> bool {
        self.recent.is_empty()
    }

    /// Forgets all failures.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The module is ready. What delayed its start is over.
    pub(super) fn ready(&mut self) {
        if self.is_empty() {
            self.attempt = 0;
        }
    }

    /// The delay before the next try after a start that was postponed, which is no failure.
    pub(super) fn postpone(&mut self, now: Now, limits: &LifeLimits) -> Duration {
        let attempt = self.attempt.max(1);
        self.attempt = attempt.saturating_add(1);
        limits.delay(attempt, now.jitter)
    }

    /// Counts a failure of a module that was ready since then, or never.
    pub(super) fn add(
        &mut self,
        running_since: Option<Instant>,
        now: Now,
        limits: &LifeLimits,
    ) -> NextTry {
        if running_since.is_some_and(|since| now.time - since >= limits.healthy_after) {
            self.forget();
        }
        self.recent.retain(|&at| now.time - at < limits.failure_window);
        self.recent.push_back(now.time);
        // A module that was never ready gains nothing from an immediate restart.
        if running_since.is_none() {
            self.attempt = self.attempt.max(1);
        }
        self.gave_up |= self.recent.len() >= limits.failure_limit;
        if self.gave_up {
            return NextTry::Slow;
        }
        let delay = limits.delay(self.attempt, now.jitter);
        self.attempt = self.attempt.saturating_add(1);
        if delay.is_zero() { NextTry::Now } else { NextTry::After(delay) }
    }
}
