//! The stored health mutes.

use std::sync::Arc;

use mgrd_storage::{Storage, Transaction};
use tracing::warn;

use crate::health::Health;
use crate::write::write;

const KEY: &str = "mgrd/health_mutes";

/// Restores the stored mutes, then stores each change, until dropped.
pub(super) async fn keep(health: Health, storage: Arc<dyn Storage>) {
    if let Some(entry) = storage.get(KEY) {
        match serde_json::from_slice(&entry.value) {
            Ok(mutes) => health.restore_mutes(mutes),
            Err(why) => warn!("the stored health mutes are damaged and left out: {why}"),
        }
    }
    let mut changes = health.mutes_changed();
    while changes.changed().await.is_ok() {
        let Ok(text) = serde_json::to_vec(&health.mutes()) else { continue };
        if let Err(why) = write(&*storage, "mgrd", Transaction::new().put(KEY, text)).await {
            warn!("cannot store the health mutes: {why}");
        }
    }
}
