//! Why a module is in its state.

use std::sync::Arc;
use std::time::Duration;

use super::complaint::Complaint;
use super::describe_error::DescribeError;
use super::launch_error::LaunchError;
use super::run_end::RunEnd;
use crate::module::declaration::Declaration;
use crate::module::folder::ManifestError;
use crate::module::process::Refusal;

/// Why a module is in its state, or cannot run. The same value is shown in the table of modules, in
/// health, and to clients.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Reason {
    /// Its run ended.
    #[error(transparent)]
    RunEnded(RunEnd),
    /// Its exit status says that it cannot run.
    #[error(transparent)]
    Refusal(Refusal),
    /// There is no folder for it.
    #[error("enabled, but no folder of the module path has it")]
    NoFolder,
    /// Its folder cannot be used.
    #[error(transparent)]
    Manifest(Arc<ManifestError>),
    /// Its process cannot be what the operator set.
    #[error(transparent)]
    Launch(Arc<LaunchError>),
    /// It did not send its declaration.
    #[error(transparent)]
    NotDescribed(Arc<DescribeError>),
    /// Its code could not be loaded. The text is the error.
    #[error("{0}")]
    NotLoaded(String),
    /// Its declaration says that it cannot run. The text is the module's own.
    #[error("{0}")]
    Declared(String),
    /// `mgrd` refused its hello with this text.
    #[error("{0}")]
    HelloRefused(String),
    /// Its main work ended with an error. The text is the module's own.
    #[error("{0}")]
    WorkFailed(String),
    /// The watchdog ended it.
    #[error(transparent)]
    Unhealthy(Complaint),
    /// It did not become ready in time.
    #[error("not ready {} s after its start", .0.as_secs())]
    NotReady(Duration),
}

impl Reason {
    /// Why a module with this declaration cannot run, if it cannot.
    pub(in crate::module) fn of(declaration: &Declaration) -> Option<Self> {
        let text = || declaration.can_run_error.clone();
        match (declaration.can_run, declaration.load_failed) {
            (true, _) => None,
            (false, true) => Some(Self::NotLoaded(text())),
            (false, false) => Some(Self::Declared(text())),
        }
    }

    /// Whether the module itself says that it cannot run here.
    pub(in crate::module) fn is_its_own(&self) -> bool {
        matches!(self, Self::Declared(_) | Self::Refusal(_))
    }

    /// The end of a run that this reason is about.
    pub(in crate::module) fn run_end(&self) -> Option<&RunEnd> {
        match self {
            Self::RunEnded(end) => Some(end),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
