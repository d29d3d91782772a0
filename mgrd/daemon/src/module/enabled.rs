//! Where it is kept which modules are enabled.

use std::collections::BTreeSet;
use std::error::Error;
use std::pin::Pin;

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
    Damaged(#[source] Box<dyn Error + Send + Sync>),
    /// It was not stored.
    #[error("cannot store which modules are enabled: {0}")]
    NotStored(#[source] Box<dyn Error + Send + Sync>),
}

#[cfg(test)]
mod tests;
