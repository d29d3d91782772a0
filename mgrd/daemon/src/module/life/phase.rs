//! The phases of the life of a module, with what each needs to remember.

use std::time::Instant;

use super::module_state::ModuleState;

/// Where a module is in its life.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phase {
    /// Not wanted; no process.
    Disabled,
    /// Ended, because the manager ends.
    Stopped,
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
    /// It cannot run. It waits for a change by an operator.
    CannotRun { reason: String },
    /// Started by hand.
    Debugging,
}

/// What follows a stop, if the module is still wanted then.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum AfterStop {
    Restart,
    Failure {
        reason: String,
        since: Option<Instant>,
    },
    CannotRun(String),
    /// It could not be started for a reason that passes.
    Postponed(String),
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

    /// Why it is in that state; may be empty.
    pub(super) fn reason(&self) -> &str {
        match self {
            Self::Running { fault: Some(reason), .. }
            | Self::Backoff { reason, .. }
            | Self::Failed { reason, .. }
            | Self::CannotRun { reason } => reason,
            Self::Stopping { then } => then.reason(),
            _ => "",
        }
    }
}

impl AfterStop {
    fn reason(&self) -> &str {
        match self {
            Self::Restart => "",
            Self::Failure { reason, .. } | Self::CannotRun(reason) | Self::Postponed(reason) => {
                reason
            }
        }
    }
}
