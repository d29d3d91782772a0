//! Where it is kept which modules are enabled.

use std::collections::BTreeSet;
use std::pin::Pin;

/// A boxed future, so that the trait can be used as an object.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Keeps which modules are enabled. Errors are texts for people.
pub trait EnabledSet: Send + Sync + 'static {
    /// The set as it was saved last; none if it never was.
    fn load(&self) -> BoxFuture<'_, Result<Option<BTreeSet<String>>, String>>;
    /// Saves the set; durable when it returns.
    fn save(&self, enabled: BTreeSet<String>) -> BoxFuture<'_, Result<(), String>>;
}
