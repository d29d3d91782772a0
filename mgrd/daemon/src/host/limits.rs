//! The limits that operators have set for modules, in storage.

use std::collections::BTreeMap;
use std::sync::Arc;

use mgrd_storage::{CommitError, Storage, Transaction};

use super::parts::Host;
use crate::module::{BoxFuture, KeptLimits};
use crate::module_limits::Settings;
use crate::write::write;

/// The name of the module follows. No module and no option has a key below `mgrd/`.
const PREFIX: &str = "mgrd/module_limits/";

/// The limits in storage.
pub struct StoredLimits(pub Arc<dyn Storage>);

impl KeptLimits for StoredLimits {
    fn load(&self) -> BTreeMap<String, Settings> {
        let mut all = BTreeMap::new();
        for (key, entry) in self.0.range(PREFIX) {
            let module = &key[PREFIX.len()..];
            match serde_json::from_slice(&entry.value) {
                Ok(settings) => drop(all.insert(module.to_owned(), settings)),
                Err(why) => tracing::warn!(
                    module,
                    "the stored limits of the module are damaged and left out: {why}; set them again with \
                     `mgrctl mgr module limit`"
                ),
            }
        }
        all
    }

    fn save(&self, module: &str, settings: Settings) -> BoxFuture<'_, Result<(), CommitError>> {
        let key = format!("{PREFIX}{module}");
        Box::pin(async move {
            let transaction = match serde_json::to_vec(&settings) {
                Ok(text) if !settings.is_empty() => Transaction::new().put(&key, text),
                _ => Transaction::new().delete(&key),
            };
            write(&*self.0, "mgrd", transaction).await?;
            Ok(())
        })
    }
}

/// Takes over what the active manager stores, on a standby.
pub(super) async fn follow(host: Arc<Host>) {
    let mut changes = host.storage().watch(PREFIX);
    loop {
        host.modules().follow_limits().await;
        if changes.next().await.is_none() {
            return;
        }
    }
}

#[cfg(test)]
mod tests;
