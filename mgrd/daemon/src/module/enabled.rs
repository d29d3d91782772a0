//! Where it is kept which modules are enabled.

use std::collections::BTreeSet;
use std::pin::Pin;

use mgrd_command::{CommandError, Errno};
use mgrd_storage::CommitError;

use crate::commit_errno::commit_errno;

/// A boxed future, so that the trait can be used as an object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Keeps which modules are enabled.
pub trait EnabledSet: Send + Sync + 'static {
    /// The set as it was saved last; none if it never was.
    fn load(&self) -> BoxFuture<'_, Result<Option<BTreeSet<String>>, EnabledSetError>>;
    /// Saves the set; durable when it returns.
    fn save(&self, enabled: BTreeSet<String>) -> BoxFuture<'_, Result<(), EnabledSetError>>;
}

/// Why it cannot be read or stored which modules are enabled.
#[derive(Debug, thiserror::Error)]
pub enum EnabledSetError {
    /// What is stored is not a set of names.
    #[error(
        "the stored list of enabled modules is damaged: {0}; restore the storage from a backup"
    )]
    Damaged(#[from] serde_json::Error),
    /// The storage refuses.
    #[error("cannot store which modules are enabled: {0}")]
    NotStored(#[from] CommitError),
}

impl CommandError for EnabledSetError {
    fn errno(&self) -> Errno {
        match self {
            Self::Damaged(_) => Errno::EIO,
            Self::NotStored(error) => commit_errno(error),
        }
    }
}

#[cfg(test)]
mod tests;
