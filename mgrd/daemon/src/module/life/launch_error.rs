//! Why the process of a module cannot be started.

use std::io;

use crate::module::folder::is_passing;
use crate::module::process::SpawnError;

/// Why there is no process.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    #[error(transparent)]
    Spawn(#[from] SpawnError),
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
            Self::Spawn(SpawnError::Silent { .. } | SpawnError::Busy { .. }) => true,
            Self::Spawn(SpawnError::System { source, .. })
            | Self::Watch { source, .. }
            | Self::Secret { source, .. } => is_passing(source),
        }
    }
}

#[cfg(test)]
mod tests;
