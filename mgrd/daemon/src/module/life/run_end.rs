//! How a run of a module ended.

use std::sync::Arc;

use super::complaint::Complaint;
use super::launch_error::LaunchError;
use super::no_sdk::NoSdk;
use crate::module::folder::ManifestError;
use crate::module::process::Exit;

/// How a run ended. A run whose process never started has ended too.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RunEnd {
    /// Its process ended.
    #[error(transparent)]
    Exited(Exit),
    /// `mgrd` ended its process, because of this.
    #[error(transparent)]
    Unhealthy(Complaint),
    /// Its process could not be started. That counts as a failure of the module.
    #[error("could not be started: {0}")]
    NotStarted(#[source] Arc<LaunchError>),
    /// Its process ended because its interpreter has no SDK.
    #[error(transparent)]
    NoSdk(NoSdk),
    /// Its process was not started because the folder cannot be used.
    #[error(transparent)]
    CannotRun(Arc<ManifestError>),
    /// Its process was not started because it cannot be what the operator set, such as another user.
    #[error(transparent)]
    CannotLaunch(Arc<LaunchError>),
    /// Its process was not started for a reason that passes. That does not count as a failure.
    #[error("cannot be started for the moment: {0}")]
    Postponed(#[source] PostponeReason),
}

/// Why a start is tried again later.
#[derive(Clone, Debug, thiserror::Error)]
pub enum PostponeReason {
    /// The folder cannot be read now.
    #[error(transparent)]
    Manifest(Arc<ManifestError>),
    /// The system cannot start the process now.
    #[error(transparent)]
    Launch(Arc<LaunchError>),
    /// A process of an earlier run lives.
    #[error(
        "its process {pid} outlived an mgrd that was killed, and does not end although it was killed, \
         too; check the disk or mount that it waits for"
    )]
    Survivor {
        /// The process.
        pid: i32,
    },
    /// The module is being stopped.
    #[error("it is being stopped")]
    Stopping,
}

impl RunEnd {
    /// Whether no process was started, for a reason that passes.
    pub(in crate::module) fn is_postponed(&self) -> bool {
        matches!(self, Self::Postponed(_))
    }

    /// Whether a fault of its program ended its process.
    pub(super) fn is_fault(&self) -> bool {
        matches!(self, Self::Exited(exit) if exit.is_fault())
    }

    /// Whether both are the same end of the same run.
    pub(in crate::module) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exited(exit), Self::Exited(other)) => exit == other,
            (Self::Unhealthy(end), Self::Unhealthy(other)) => end == other,
            (Self::NoSdk(end), Self::NoSdk(other)) => end == other,
            (Self::NotStarted(error), Self::NotStarted(other)) => Arc::ptr_eq(error, other),
            _ => false,
        }
    }
}

impl From<Arc<ManifestError>> for RunEnd {
    fn from(error: Arc<ManifestError>) -> Self {
        match error.is_passing() {
            true => Self::Postponed(PostponeReason::Manifest(error)),
            false => Self::CannotRun(error),
        }
    }
}

impl From<LaunchError> for RunEnd {
    fn from(error: LaunchError) -> Self {
        let (passing, refusal) = (error.is_passing(), error.is_refusal());
        let error = Arc::new(error);
        match (passing, refusal) {
            (true, _) => Self::Postponed(PostponeReason::Launch(error)),
            (false, true) => Self::CannotLaunch(error),
            (false, false) => Self::NotStarted(error),
        }
    }
}

#[cfg(test)]
mod tests;
