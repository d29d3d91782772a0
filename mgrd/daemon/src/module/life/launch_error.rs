//! Why the process of a module cannot be started.

use std::io;

use crate::module::folder::is_passing;
use crate::module::process::{AccountError, SpawnError};

/// Why there is no process.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    #[error(transparent)]
    Account(#[from] AccountError),
    #[error(
        "cannot watch the process of {program}: {source}; raise the limit of open files of mgrd"
    )]
    Watch { program: String, source: io::Error },
    #[error("cannot make a secret for {program}: {source}; raise the limit of open files of mgrd")]
    Secret { program: String, source: io::Error },
}

impl LaunchError {
    /// Whether another try may succeed although nothing was changed.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Spawn(error) => error.is_passing(),
            Self::Account(error) => error.is_passing(),
            Self::Watch { source, .. } | Self::Secret { source, .. } => is_passing(source),
        }
    }

    /// Whether the module cannot run until an operator changes something.
    pub(super) fn is_refusal(&self) -> bool {
        match self {
            Self::Spawn(error) => error.is_refusal(),
            Self::Account(_) => true,
            Self::Watch { .. } | Self::Secret { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests;
