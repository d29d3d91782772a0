//! Why a manager is refused, or not found.

use mgrd_command::{CommandError, Errno};

/// A manager of this name is there already.
#[derive(Debug, thiserror::Error)]
#[error(
    "a manager named '{0}' is there already; give each manager of a data directory a name of its \
     own with --id"
)]
pub struct IdInUse(pub String);

impl CommandError for IdInUse {
    fn errno(&self) -> Errno {
        Errno::EEXIST
    }
}

/// No manager has this name.
#[derive(Debug, thiserror::Error)]
#[error("there is no manager '{0}'; 'mgr metadata' lists them")]
pub struct UnknownManager(pub String);

impl CommandError for UnknownManager {
    fn errno(&self) -> Errno {
        Errno::ENOENT
    }
}

#[cfg(test)]
mod tests;
