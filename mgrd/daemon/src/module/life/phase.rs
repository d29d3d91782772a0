//! The phases of the life of a module, with what each needs to remember.

use std::sync::Arc;
use std::time::Instant;

use super::module_state::ModuleState;
use super::reason::Reason;
use super::run_end::RunEnd;

/// Where a module is in its life.
#[derive(Clone, Debug)]
pub(super) enum Phase {
    /// Not wanted; no process.
    Disabled,
    /// Ended, because the manager ends.
    Stopped,
    /// The process was started and has not said ready.
    Starting { since: Instant, deadline: Instant },
    /// Ready. `fault` is set when its main work ended with an error.
    Running { since: Instant, fault: Option<Arc<Reason>> },
    /// The process is being ended.
    Stopping { then: AfterStop },
    /// Waits for the next try.
    Backoff { until: Instant, reason: Arc<Reason> },
    /// Failed too often; `until` is the next slow try.
    Failed { until: Option<Instant>, reason: Arc<Reason> },
    /// It cannot run. It waits for a change by an operator.
    CannotRun { reason: Arc<Reason> },
    /// Started by hand.
    Debugging,
}

/// What follows a stop, if the module is still wanted then.
#[derive(Clone, Debug)]
pub(super) enum AfterStop {
    Restart,
    Failure {
        reason: Arc<Reason>,
        since: Option<Instant>,
    },
    CannotRun(Arc<Reason>),
    /// It could not be started for a reason that passes.
    Postponed(Arc<Reason>),
}

impl Phase {
    /// The state that others see.
    pub(super) fn state(&self) -> ModuleState {
        match self {
            Self::Disabled => ModuleState::Disabled,
            Self::Stopped => ModuleState::Stopped,
            Self::Starting { .. } => ModuleState::Starting,
            Self::Running { fault: None, .. } => ModuleState::Running,
            Self::Running { fault: Some(_), .. } => ModuleState::Degraded,
            Self::Stopping { .. } => ModuleState::Stopping,
            Self::Backoff { .. } => ModuleState::Backoff,
            Self::Failed { .. } => ModuleState::Failed,
            Self::CannotRun { .. } => ModuleState::CannotRun,
            Self::Debugging => ModuleState::Debugging,
        }
    }

    /// When the module is tried again, if it waits for that.
    pub(super) fn next_try(&self) -> Option<Instant> {
        match self {
            Self::Backoff { until, .. } => Some(*until),
            Self::Failed { until, .. } => *until,
            _ => None,
        }
    }

    /// Why it is in that state, if there is more to say than the state itself.
    pub(super) fn reason(&self) -> Option<&Arc<Reason>> {
        match self {
            Self::Running { fault: Some(reason), .. }
            | Self::Backoff { reason, .. }
            | Self::Failed { reason, .. }
            | Self::CannotRun { reason } => Some(reason),
            Self::Stopping { then } => then.reason(),
            _ => None,
        }
    }
}

impl AfterStop {
    /// What follows if the run ended by itself, having been ready since then, or never.
    pub(super) fn of(end: RunEnd, since: Option<Instant>) -> Self {
        let refusal = match &end {
            RunEnd::Exited(exit) => exit.refusal(),
            _ => None,
        };
        match (end, refusal) {
            (_, Some(refusal)) => Self::CannotRun(Arc::new(Reason::Refusal(refusal))),
            (RunEnd::CannotRun(error), _) => Self::CannotRun(Arc::new(Reason::Manifest(error))),
            (RunEnd::CannotLaunch(error), _) => Self::CannotRun(Arc::new(Reason::Launch(error))),
            (end @ RunEnd::Postponed(_), _) => Self::Postponed(Arc::new(Reason::RunEnded(end))),
            (end, _) => Self::Failure { reason: Arc::new(Reason::RunEnded(end)), since },
        }
    }

    fn reason(&self) -> Option<&Arc<Reason>> {
        match self {
            Self::Restart => None,
            Self::Failure { reason, .. } | Self::CannotRun(reason) | Self::Postponed(reason) => {
                Some(reason)
            }
        }
    }
}
