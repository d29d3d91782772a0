//! Which modules are enabled, in storage.

use std::collections::BTreeSet;
use std::sync::Arc;

use mgrd_storage::{Storage, Transaction};

use crate::module::{BoxFuture, EnabledSet};

/// The key; below `mgrd/`, where no module and no option lives.
pub(super) const KEY: &str = "mgrd/enabled_modules";

/// Keeps the enabled set in storage.
pub struct StoredEnabledSet(pub Arc<dyn Storage>);

impl EnabledSet for StoredEnabledSet {
    fn load(&self) -> BoxFuture<'_, Result<Option<BTreeSet<String>>, String>> {
        Box::pin(async {
            let Some(entry) = self.0.get(KEY) else { return Ok(None) };
            serde_json::from_slice(&entry.value)
                .map(Some)
                .map_err(|why| format!("the stored list of enabled modules is damaged: {why}"))
        })
    }

    fn save(&self, enabled: BTreeSet<String>) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move {
            let text = serde_json::to_vec(&enabled).map_err(|why| why.to_string())?;
            let write = Transaction::new().put(KEY, text);
            self.0.commit(write).await.map(drop).map_err(|why| why.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use mgrd_storage::embedded::EmbeddedStorage;

    use super::*;

    #[tokio::test]
    async fn the_set_is_kept_and_none_is_told_from_empty() {
        let set = StoredEnabledSet(Arc::new(EmbeddedStorage::in_memory().unwrap()));
        assert_eq!(set.load().await, Ok(None));
        set.save(BTreeSet::new()).await.unwrap();
        assert_eq!(set.load().await, Ok(Some(BTreeSet::new())));
        let two = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
        set.save(two.clone()).await.unwrap();
        assert_eq!(set.load().await, Ok(Some(two)));
    }
}
