//! The life of a module as a pure function: an input and the time go in, a state and an effect come
//! out.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::failures::{Failures, NextTry};
use super::input::{Effect, Input, Now};
use super::limits::LifeLimits;
use super::module_state::ModuleState;
use super::phase::{AfterStop, Phase};
use super::reason::Reason;
use super::run_end::RunEnd;

/// So late, a tick shows that the manager itself was stopped or very slow.
pub(super) const LATE: Duration = Duration::from_secs(1);

/// A module's life: its phase and what is remembered between phases.
#[derive(Clone, Debug)]
pub(in crate::module) struct Life {
    pub(super) phase: Phase,
    /// Whether it should run.
    pub(super) wanted: bool,
    /// Whether it is being debugged.
    pub(super) debugged: bool,
    /// Restarts after failures since it was enabled or restarted by hand.
    pub(in crate::module) restarts: u32,
    failures: Failures,
    ending: bool,
}

impl Life {
    /// A module that is not wanted.
    pub(super) fn new() -> Self {
        Self {
            phase: Phase::Disabled,
            wanted: false,
            debugged: false,
            restarts: 0,
            failures: Failures::default(),
            ending: false,
        }
    }

    /// The state that others see.
    pub(in crate::module) fn state(&self) -> ModuleState {
        self.phase.state()
    }

    /// Why it is in that state, if there is more to say than the state itself.
    pub(in crate::module) fn reason(&self) -> Option<&Arc<Reason>> {
        self.phase.reason()
    }

    /// When the module is tried again, if it waits for that.
    pub(in crate::module) fn next_try(&self) -> Option<Instant> {
        self.phase.next_try()
    }

    /// When a `Tick` is due, if ever.
    pub(super) fn wake_at(&self, limits: &LifeLimits) -> Option<Instant> {
        match &self.phase {
            Phase::Running { since, .. } if self.is_unstable() => {
                Some(*since + limits.healthy_after)
            }
            Phase::Starting { deadline, .. } => Some(*deadline),
            phase => phase.next_try(),
        }
    }

    /// Whether it failed lately.
    pub(in crate::module) fn is_unstable(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Why the end of its process is a crash, if it is one. It is none if the module was asked to end,
    /// or says that it cannot run.
    pub(super) fn crash(&self, end: &RunEnd) -> Option<Arc<Reason>> {
        match &self.phase {
            Phase::Stopping { then: AfterStop::Failure { reason, .. } } => Some(Arc::clone(reason)),
            Phase::Stopping { .. } => {
                let ended = || Arc::new(Reason::RunEnded(end.clone()));
                end.is_fault().then(ended)
            }
            Phase::Starting { .. } | Phase::Running { .. } => {
                match AfterStop::of(end.clone(), None) {
                    AfterStop::Failure { reason, .. } => Some(reason),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Whether there is a process.
    pub(super) fn has_process(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting { .. } | Phase::Running { .. } | Phase::Stopping { .. }
        )
    }

    /// Handles `input`. Returns what the supervisor must do.
    pub(super) fn step(&mut self, input: Input, now: Now, limits: &LifeLimits) -> Option<Effect> {
        match input {
            Input::Enable => self.want(true, self.debugged, now, limits),
            Input::Disable => self.want(false, self.debugged, now, limits),
            Input::Debug => self.want(self.wanted, true, now, limits),
            Input::EndDebug => self.want(self.wanted, false, now, limits),
            Input::Restart => self.restart(now, limits),
            Input::Shutdown => self.shut_down(now, limits),
            Input::Ended(end) => self.ended(end, now, limits),
            Input::Tick => self.tick(now, limits),
            Input::Refused(reason) => self.stop(AfterStop::CannotRun(Arc::new(reason))),
            Input::Unhealthy(complaint) => {
                let since = self.running_since();
                let reason = Arc::new(Reason::Unhealthy(complaint));
                self.stop(AfterStop::Failure { reason, since })
            }
            Input::Ready | Input::WorkFailed(_) | Input::ExtendStart(_) | Input::SnapshotPart => {
                self.progressed(input, now, limits);
                None
            }
            Input::SessionChanged => None,
        }
    }

    /// What the module reports about its own progress. It neither starts nor ends a process.
    fn progressed(&mut self, input: Input, now: Now, limits: &LifeLimits) {
        match (input, &mut self.phase) {
            (Input::Ready, Phase::Starting { .. }) => {
                self.phase = Phase::Running { since: now.time, fault: None };
                self.failures.ready();
            }
            (Input::ExtendStart(by), Phase::Starting { since, deadline }) => {
                *deadline = (now.time + by).min(*since + limits.start_timeout_max);
            }
            (Input::SnapshotPart, Phase::Starting { since, deadline }) => {
                let renewed = now.time + limits.start_timeout;
                *deadline = renewed.min(*since + limits.start_timeout_max).max(*deadline);
            }
            (Input::WorkFailed(text), Phase::Running { fault, .. }) => {
                *fault = Some(Arc::new(Reason::WorkFailed(text)));
            }
            _ => {}
        }
    }

    /// Sets whether it should run and whether it is being debugged, and acts on it.
    fn want(
        &mut self,
        wanted: bool,
        debugged: bool,
        now: Now,
        limits: &LifeLimits,
    ) -> Option<Effect> {
        (self.wanted, self.debugged) = (wanted, debugged);
        self.pursue(now, limits)
    }

    /// Starts or stops the module as wanted. A start or stop under way goes on.
    fn pursue(&mut self, now: Now, limits: &LifeLimits) -> Option<Effect> {
        if self.wanted && !self.debugged {
            return match &mut self.phase {
                Phase::Disabled | Phase::Debugging => {
                    self.forget_failures_and_restarts();
                    self.start(now, limits)
                }
                _ => None,
            };
        }
        match self.phase {
            Phase::Starting { .. } | Phase::Running { .. } => self.stop(AfterStop::Restart),
            // When it has ended, it starts again if it is still wanted then.
            Phase::Stopping { .. } => {
                self.phase = Phase::Stopping { then: AfterStop::Restart };
                None
            }
            _ => {
                self.become_idle();
                None
            }
        }
    }

    /// Ends the module together with the manager. A disabled module stays disabled.
    fn shut_down(&mut self, now: Now, limits: &LifeLimits) -> Option<Effect> {
        (self.wanted, self.debugged, self.ending) = (false, false, true);
        if matches!(self.phase, Phase::Disabled) {
            return None;
        }
        self.pursue(now, limits)
    }

    fn restart(&mut self, now: Now, limits: &LifeLimits) -> Option<Effect> {
        if !self.wanted || self.debugged {
            return None;
        }
        self.forget_failures_and_restarts();
        match self.phase {
            Phase::Starting { .. } | Phase::Running { .. } => self.stop(AfterStop::Restart),
            Phase::Stopping { .. } => {
                self.phase = Phase::Stopping { then: AfterStop::Restart };
                None
            }
            _ => self.start(now, limits),
        }
    }

    fn ended(&mut self, end: RunEnd, now: Now, limits: &LifeLimits) -> Option<Effect> {
        let since = self.running_since();
        let then = match std::mem::replace(&mut self.phase, Phase::Disabled) {
            Phase::Stopping { then } => then,
            Phase::Starting { .. } | Phase::Running { .. } => AfterStop::of(end, since),
            other => {
                self.phase = other;
                return None;
            }
        };
        if !self.wanted || self.debugged {
            self.become_idle();
            return None;
        }
        match then {
            AfterStop::Restart => self.start(now, limits),
            AfterStop::CannotRun(reason) => {
                self.phase = Phase::CannotRun { reason };
                None
            }
            AfterStop::Postponed(reason) => {
                self.postpone(reason, now, limits);
                None
            }
            AfterStop::Failure { reason, since } => self.failed(reason, since, now, limits),
        }
    }

    /// Waits for the next try without counting a failure.
    fn postpone(&mut self, reason: Arc<Reason>, now: Now, limits: &LifeLimits) {
        let until = now.time + self.failures.postpone(now, limits);
        self.phase = Phase::Backoff { until, reason };
    }

    fn failed(
        &mut self,
        reason: Arc<Reason>,
        running_since: Option<Instant>,
        now: Now,
        limits: &LifeLimits,
    ) -> Option<Effect> {
        match self.failures.add(running_since, now, limits) {
            NextTry::Now => {
                self.restarts += 1;
                return self.start(now, limits);
            }
            NextTry::After(delay) => {
                self.phase = Phase::Backoff { until: now.time + delay, reason };
            }
            NextTry::Slow => {
                let until = limits.slow_retry.map(|after| now.time + after);
                self.phase = Phase::Failed { until, reason };
            }
        }
        None
    }

    fn tick(&mut self, now: Now, limits: &LifeLimits) -> Option<Effect> {
        if self.wake_at(limits).is_none_or(|at| now.time < at) {
            return None;
        }
        match &mut self.phase {
            // A tick is late because mgrd itself stood still, and so it has not read what came.
            Phase::Starting { deadline, .. } if now.time >= *deadline + LATE => {
                *deadline = now.time + (now.time - *deadline).min(limits.start_timeout);
                None
            }
            Phase::Starting { since, .. } => {
                let reason = Arc::new(Reason::NotReady(now.time - *since));
                self.stop(AfterStop::Failure { reason, since: None })
            }
            Phase::Running { .. } => {
                self.failures.forget();
                None
            }
            Phase::Backoff { .. } | Phase::Failed { .. } => {
                self.restarts += 1;
                self.start(now, limits)
            }
            _ => None,
        }
    }

    fn start(&mut self, now: Now, limits: &LifeLimits) -> Option<Effect> {
        self.phase = Phase::Starting { since: now.time, deadline: now.time + limits.start_timeout };
        Some(Effect::Start)
    }

    fn stop(&mut self, then: AfterStop) -> Option<Effect> {
        if !matches!(self.phase, Phase::Starting { .. } | Phase::Running { .. }) {
            return None;
        }
        self.phase = Phase::Stopping { then };
        Some(Effect::Stop)
    }

    fn become_idle(&mut self) {
        self.phase = match (self.debugged, self.ending) {
            (true, _) => Phase::Debugging,
            (false, true) => Phase::Stopped,
            (false, false) => Phase::Disabled,
        };
    }

    fn forget_failures_and_restarts(&mut self) {
        self.failures.forget();
        self.restarts = 0;
    }

    fn running_since(&self) -> Option<Instant> {
        match self.phase {
            Phase::Running { since, .. } => Some(since),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
