//! Which modules are enabled, in storage.

use std::collections::BTreeSet;
use std::sync::Arc;

use mgrd_storage::{Storage, Transaction};

use crate::module::{BoxFuture, EnabledSet, EnabledSetError};
use crate::write::write;

/// The key. No module and no option has a key below `mgrd/`.
pub(super) const KEY: &str = "mgrd/enabled_modules";

/// The enabled set in storage.
pub struct StoredEnabledSet(pub Arc<dyn Storage>);

impl EnabledSet for StoredEnabledSet {
    fn load(&self) -> BoxFuture<'_, Result<Option<BTreeSet<String>>, EnabledSetError>> {
        Box::pin(async {
            let Some(entry) = self.0.get(KEY) else { return Ok(None) };
            Ok(Some(serde_json::from_slice(&entry.value)?))
        })
    }

    fn save(&self, enabled: BTreeSet<String>) -> BoxFuture<'_, Result<(), EnabledSetError>> {
        Box::pin(async move {
            let names = serde_json::Value::from_iter(enabled).to_string();
            write(&*self.0, "mgrd", Transaction::new().put(KEY, names)).await?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
