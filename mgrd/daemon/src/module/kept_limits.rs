//! Where the limits that operators set are kept.

use std::collections::BTreeMap;

use mgrd_storage::CommitError;

use super::enabled::BoxFuture;
use crate::module_limits::Settings;

/// Keeps the limits that operators have set for modules.
pub trait KeptLimits: Send + Sync + 'static {
    /// Those of all modules, as they were saved last.
    fn load(&self) -> BTreeMap<String, Settings>;
    /// Saves those of one module; durable when it returns.
    fn save(&self, module: &str, settings: Settings) -> BoxFuture<'_, Result<(), CommitError>>;
}
