//! The life of a module as a pure function: what happened, and what to do about it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::module_state::ModuleState;
use crate::module::policy::Policy;
use crate::module::process::Exit;

/// Where a module is in its life.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::module) enum Phase {
    /// Not wanted; no process.
    Disabled,
    /// The process was started and has not said ready.
    Starting { since: Instant, deadline: Instant },
    /// Ready. `fault` is set when its main work ended with an error.
    Running { since: Instant, fault: Option<String> },
    /// The process is being ended.
    Stopping { then: AfterStop },
    /// Waits for the next try.
    Backoff { until: Instant, reason: String },
    /// Failed too often; `until` is the next slow try.
    Failed { until: Option<Instant>, reason: String },
    /// Says that it cannot run; waits for somebody to change something.
    CannotRun { reason: String },
    /// Started by hand.
    Debugging,
}

/// What follows a stop, if the module is still wanted then.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::module) enum AfterStop {
    Restart,
    Failure {
        reason: String,
        since: Option<Instant>,
    },
    CannotRun(String),
    /// It could not be started for a reason that passes.
    Postponed(String),
}

/// A module's life: its phase and what is remembered between phases.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::module) struct Life {
    pub(in crate::module) phase: Phase,
    /// Whether it should run.
    pub(in crate::module) wanted: bool,
    /// Whether somebody debugs it.
    pub(in crate::module) debugged: bool,
    /// Restarts after failures since it was enabled or restarted by hand.
    pub(in crate::module) restarts: u32,
    failures: VecDeque<Instant>,
    attempt: u32,
    gave_up: bool,
}

/// What happened.
#[derive(Clone, Debug)]
pub(in crate::module) enum Event {
    Enable,
    Disable,
    Restart,
    Debug,
    EndDebug,
    /// The module said ready.
    Ready,
    ExtendStart(Duration),
    /// The main work ended with an error.
    Fault(String),
    /// The module said that it cannot run.
    Refused(String),
    /// The watchdog gave up on it.
    Unhealthy(String),
    /// The process ended, or could not be started.
    Exited(Exit),
    /// A session began or ended.
    Session,
    /// Time passed.
    Tick,
}

/// What to do.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::module) enum Action {
    /// Start a process.
    Spawn,
    /// End the process.
    Stop,
}

/// The time, and a random number from -1 to 1.
#[derive(Clone, Copy, Debug)]
pub(in crate::module) struct Moment {
    pub(in crate::module) at: Instant,
    pub(in crate::module) dice: f64,
}

impl Phase {
    /// The state that others see, its reason, and when it ends by itself.
    pub(in crate::module) fn show(&self) -> (ModuleState, String, Option<Instant>) {
        let none = String::new;
        match self {
            Self::Disabled => (ModuleState::Disabled, none(), None),
            Self::Starting { .. } => (ModuleState::Starting, none(), None),
            Self::Running { fault: None, .. } => (ModuleState::Running, none(), None),
            Self::Running { fault: Some(fault), .. } => {
                (ModuleState::Degraded, fault.clone(), None)
            }
            Self::Stopping { then } => (ModuleState::Stopping, then.reason(), None),
            Self::Backoff { until, reason } => (ModuleState::Backoff, reason.clone(), Some(*until)),
            Self::Failed { until, reason } => (ModuleState::Failed, reason.clone(), *until),
            Self::CannotRun { reason } => (ModuleState::CannotRun, reason.clone(), None),
            Self::Debugging => (ModuleState::Debugging, none(), None),
        }
    }
}

impl AfterStop {
    fn reason(&self) -> String {
        match self {
            Self::Restart => String::new(),
            Self::Failure { reason, .. } | Self::CannotRun(reason) | Self::Postponed(reason) => {
                reason.clone()
            }
        }
    }
}

impl Life {
    /// A module that is not wanted.
    pub(in crate::module) fn new() -> Self {
        Self {
            phase: Phase::Disabled,
            wanted: false,
            debugged: false,
            restarts: 0,
            failures: VecDeque::new(),
            attempt: 0,
            gave_up: false,
        }
    }

    /// When a `Tick` is due, if ever.
    pub(in crate::module) fn wake_at(&self, policy: &Policy) -> Option<Instant> {
        match &self.phase {
            Phase::Running { since, .. } if self.is_unstable() => {
                Some(*since + policy.healthy_after)
            }
            Phase::Starting { deadline, .. } => Some(*deadline),
            Phase::Backoff { until, .. } => Some(*until),
            Phase::Failed { until, .. } => *until,
            _ => None,
        }
    }

    /// Whether it failed lately.
    pub(in crate::module) fn is_unstable(&self) -> bool {
        !self.failures.is_empty()
    }

    /// Whether there is a process.
    pub(in crate::module) fn has_process(&self) -> bool {
        matches!(
            self.phase,
            Phase::Starting { .. } | Phase::Running { .. } | Phase::Stopping { .. }
        )
    }

    /// What follows from `event`.
    pub(in crate::module) fn step(
        &mut self,
        event: Event,
        now: Moment,
        policy: &Policy,
    ) -> Option<Action> {
        match event {
            Event::Enable => {
                self.wanted = true;
                self.settle(now, policy)
            }
            Event::Disable => {
                self.wanted = false;
                self.settle(now, policy)
            }
            Event::Restart => self.restart(now, policy),
            Event::Debug => {
                self.debugged = true;
                self.settle(now, policy)
            }
            Event::EndDebug => {
                self.debugged = false;
                self.settle(now, policy)
            }
            Event::Exited(exit) => self.exited(exit, now, policy),
            Event::Tick => self.tick(now, policy),
            Event::Session => None,
            Event::Ready => {
                if matches!(self.phase, Phase::Starting { .. }) {
                    self.phase = Phase::Running { since: now.at, fault: None };
                    if self.failures.is_empty() {
                        self.attempt = 0;
                    }
                }
                None
            }
            Event::ExtendStart(by) => {
                if let Phase::Starting { since, deadline } = &mut self.phase {
                    *deadline = (now.at + by).min(*since + policy.start_timeout_max);
                }
                None
            }
            Event::Fault(why) => {
                if let Phase::Running { fault, .. } = &mut self.phase {
                    *fault = Some(why);
                }
                None
            }
            Event::Refused(reason) => self.stop(AfterStop::CannotRun(reason)),
            Event::Unhealthy(reason) => {
                let since = self.running_since();
                self.stop(AfterStop::Failure { reason, since })
            }
        }
    }

    /// Moves towards what is wanted, without touching what is on its way already.
    fn settle(&mut self, now: Moment, policy: &Policy) -> Option<Action> {
        if self.wanted && !self.debugged {
            return match &mut self.phase {
                Phase::Disabled | Phase::Debugging => {
                    self.forget();
                    self.spawn(now, policy)
                }
                _ => None,
            };
        }
        match self.phase {
            Phase::Starting { .. } | Phase::Running { .. } => self.stop(AfterStop::Restart),
            // What is wanted by the time it ended decides; if that is to run, a fresh start.
            Phase::Stopping { .. } => {
                self.phase = Phase::Stopping { then: AfterStop::Restart };
                None
            }
            _ => {
                self.rest();
                None
            }
        }
    }

    fn restart(&mut self, now: Moment, policy: &Policy) -> Option<Action> {
        if !self.wanted || self.debugged {
            return None;
        }
        self.forget();
        match self.phase {
            Phase::Starting { .. } | Phase::Running { .. } => self.stop(AfterStop::Restart),
            Phase::Stopping { .. } => {
                self.phase = Phase::Stopping { then: AfterStop::Restart };
                None
            }
            _ => self.spawn(now, policy),
        }
    }

    fn exited(&mut self, exit: Exit, now: Moment, policy: &Policy) -> Option<Action> {
        let since = self.running_since();
        let then = match std::mem::replace(&mut self.phase, Phase::Disabled) {
            Phase::Stopping { then } => then,
            Phase::Starting { .. } | Phase::Running { .. } => match (exit.refusal(), &exit) {
                (Some(reason), _) => AfterStop::CannotRun(reason),
                (None, Exit::Postponed(_)) => AfterStop::Postponed(exit.to_string()),
                (None, _) => AfterStop::Failure { reason: exit.to_string(), since },
            },
            other => {
                self.phase = other;
                return None;
            }
        };
        if !self.wanted || self.debugged {
            self.rest();
            return None;
        }
        match then {
            AfterStop::Restart => self.spawn(now, policy),
            AfterStop::CannotRun(reason) => {
                self.phase = Phase::CannotRun { reason };
                None
            }
            AfterStop::Postponed(reason) => {
                self.postpone(reason, now, policy);
                None
            }
            AfterStop::Failure { reason, since } => self.failed(reason, since, now, policy),
        }
    }

    /// Waits for the next try without counting a failure.
    fn postpone(&mut self, reason: String, now: Moment, policy: &Policy) {
        let attempt = self.attempt.max(1);
        self.attempt = attempt.saturating_add(1);
        self.phase = Phase::Backoff { until: now.at + policy.delay(attempt, now.dice), reason };
    }

    fn failed(
        &mut self,
        reason: String,
        running_since: Option<Instant>,
        now: Moment,
        policy: &Policy,
    ) -> Option<Action> {
        if running_since.is_some_and(|since| now.at - since >= policy.healthy_after) {
            self.calm_down();
        }
        self.failures.retain(|&at| now.at - at < policy.failure_window);
        self.failures.push_back(now.at);
        // A module that never got to run is not likely to get there by being hurried.
        if running_since.is_none() {
            self.attempt = self.attempt.max(1);
        }
        self.gave_up |= self.failures.len() >= policy.failure_limit;
        if self.gave_up {
            let until = policy.slow_retry.map(|after| now.at + after);
            self.phase = Phase::Failed { until, reason };
            return None;
        }
        let delay = policy.delay(self.attempt, now.dice);
        self.attempt = self.attempt.saturating_add(1);
        if delay.is_zero() {
            self.restarts += 1;
            return self.spawn(now, policy);
        }
        self.phase = Phase::Backoff { until: now.at + delay, reason };
        None
    }

    fn tick(&mut self, now: Moment, policy: &Policy) -> Option<Action> {
        if self.wake_at(policy).is_none_or(|at| now.at < at) {
            return None;
        }
        match &self.phase {
            Phase::Starting { since, .. } => {
                let reason = format!("not ready {} s after its start", (now.at - *since).as_secs());
                self.stop(AfterStop::Failure { reason, since: None })
            }
            Phase::Running { .. } => {
                self.calm_down();
                None
            }
            Phase::Backoff { .. } | Phase::Failed { .. } => {
                self.restarts += 1;
                self.spawn(now, policy)
            }
            _ => None,
        }
    }

    fn spawn(&mut self, now: Moment, policy: &Policy) -> Option<Action> {
        self.phase = Phase::Starting { since: now.at, deadline: now.at + policy.start_timeout };
        Some(Action::Spawn)
    }

    fn stop(&mut self, then: AfterStop) -> Option<Action> {
        if !matches!(self.phase, Phase::Starting { .. } | Phase::Running { .. }) {
            return None;
        }
        self.phase = Phase::Stopping { then };
        Some(Action::Stop)
    }

    fn rest(&mut self) {
        self.phase = if self.debugged { Phase::Debugging } else { Phase::Disabled };
    }

    fn calm_down(&mut self) {
        self.failures.clear();
        self.attempt = 0;
        self.gave_up = false;
    }

    fn forget(&mut self) {
        self.calm_down();
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
