//! Where a module is in its life, as operators and clients see it.

use std::fmt;
use std::sync::Arc;

use super::reason::Reason;

/// The state of a module. Code compares these; the names are for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ModuleState {
    /// It is not enabled, and has no process.
    #[default]
    Disabled,
    /// Its process runs, but it has not said that it is ready.
    Starting,
    /// It answers.
    Running,
    /// Its main work ended with an error, and its process lives.
    Degraded,
    /// Its process was asked to end.
    Stopping,
    /// Its process ended because the manager ends.
    Stopped,
    /// It failed, and waits for the next try.
    Backoff,
    /// It failed too often.
    Failed,
    /// It cannot run here, as its folder, its declaration or its exit status shows.
    CannotRun,
    /// It was started by hand.
    Debugging,
    /// It is enabled, but no folder of the module path has it: it was enabled by force, or its
    /// folder was removed.
    Absent,
}

impl ModuleState {
    /// Every state.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 11] = [
        Self::Disabled,
        Self::Starting,
        Self::Running,
        Self::Degraded,
        Self::Stopping,
        Self::Stopped,
        Self::Backoff,
        Self::Failed,
        Self::CannotRun,
        Self::Debugging,
        Self::Absent,
    ];

    /// The name that listings and messages show.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Disabled => "disabled",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Degraded => "degraded",
            Self::Stopping => "stopping",
            Self::Stopped => "stopped",
            Self::Backoff => "backoff",
            Self::Failed => "failed",
            Self::CannotRun => "cannot_run",
            Self::Debugging => "debugging",
            Self::Absent => "absent",
        }
    }

    /// Whether what the module reported stays valid: its health checks and where it serves. A
    /// module that waits for a restart reports again; one that is down for good does not.
    #[must_use]
    pub fn keeps_reports(self) -> bool {
        !matches!(
            self,
            Self::Disabled | Self::Absent | Self::Stopped | Self::Failed | Self::CannotRun
        )
    }

    /// Whether a process can still complete the progress events that the module began.
    #[must_use]
    pub fn keeps_progress(self) -> bool {
        matches!(self, Self::Running | Self::Degraded | Self::Stopping | Self::Debugging)
    }

    /// Whether the module does not run although it should.
    #[must_use]
    pub fn is_trouble(self) -> bool {
        self.has_failed() || matches!(self, Self::Backoff | Self::CannotRun | Self::Absent)
    }

    /// Whether an operator must look at the module, because its work has ended with an error.
    #[must_use]
    pub fn has_failed(self) -> bool {
        matches!(self, Self::Degraded | Self::Failed)
    }
}

impl fmt::Display for ModuleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A module changed its state.
#[derive(Clone, Debug)]
pub struct ModuleEvent {
    /// The module.
    pub module: String,
    /// Its new state.
    pub state: ModuleState,
    /// Why it is in that state, if there is more to say than the state itself.
    pub reason: Option<Arc<Reason>>,
}

#[cfg(test)]
mod tests;
