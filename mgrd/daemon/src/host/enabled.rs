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
            let names = serde_json::from_slice(&entry.value);
            names.map(Some).map_err(|error| EnabledSetError::Damaged(error.into()))
        })
    }

    fn save(&self, enabled: BTreeSet<String>) -> BoxFuture<'_, Result<(), EnabledSetError>> {
        Box::pin(async move {
            let text = serde_json::to_vec(&enabled)
                .map_err(|error| EnabledSetError::NotStored(error.into()))?;
            let transaction = Transaction::new().put(KEY, text);
            let committed = write(&*self.0, "mgrd", transaction).await.map(drop);
            committed.map_err(|error| EnabledSetError::NotStored(error.into()))
        })
    }
}

#[cfg(test)]
mod tests;
