//! Why a module cannot run as the user that is set for it.

use std::io;
use std::time::Duration;

use crate::module::folder::is_passing;

/// Why a module cannot run as the user that is set for it.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// `mgrd` may not change the user.
    #[error(
        "run_as is '{wanted}', but only root can run modules as another user; start mgrd as root, or remove \
         run_as from its settings"
    )]
    NotRoot {
        /// What is set.
        wanted: String,
    },
    /// There is no such user.
    #[error(
        "run_as is '{wanted}', but there is no user '{user}'; create it, or correct run_as in the settings \
         of mgrd"
    )]
    NoUser {
        /// What is set.
        wanted: String,
        /// The user.
        user: String,
    },
    /// There is no such group.
    #[error(
        "run_as is '{wanted}', but there is no group '{group}'; create it, or correct run_as in the settings \
         of mgrd"
    )]
    NoGroup {
        /// What is set.
        wanted: String,
        /// The group.
        group: String,
    },
    /// The system cannot look it up.
    #[error(
        "run_as is '{wanted}', but the system cannot look that up: {source}; check nsswitch.conf"
    )]
    System {
        /// What is set.
        wanted: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The system does not answer.
    #[error(
        "run_as is '{wanted}', but the system does not look that up within {} s \
         (limits.module.spawn_timeout); check nsswitch.conf and its servers", .limit.as_secs_f32()
    )]
    Silent {
        /// What is set.
        wanted: String,
        /// How long it may take.
        limit: Duration,
    },
}

impl AccountError {
    /// Whether another try may succeed although nothing was changed.
    pub(in crate::module) fn is_passing(&self) -> bool {
        match self {
            Self::Silent { .. } => true,
            Self::System { source, .. } => is_passing(source),
            Self::NotRoot { .. } | Self::NoUser { .. } | Self::NoGroup { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests;
