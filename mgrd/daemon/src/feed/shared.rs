//! What all connections of feeds share.

use std::sync::Arc;

use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::watch;

use super::limits::Limits;
use super::registry::Registry;
use crate::cluster::Cluster;
use crate::health::Health;

/// Notifies modules: the type of the notification, such as `osd_map`, and its id. It is called in
/// order while the registry is locked, so it must not wait and must not call a feed.
pub type Notifier = Arc<dyn Fn(&str, Value) + Send + Sync>;

pub(super) struct Shared {
    pub(super) cluster: Cluster,
    pub(super) health: Health,
    pub(super) notifier: Notifier,
    pub(super) limits: Limits,
    pub(super) registry: Mutex<Registry>,
    /// Counts the events that can change whether the state is fresh.
    pub(super) freshness: watch::Sender<u64>,
}

impl Shared {
    pub(super) fn new(
        cluster: Cluster,
        health: Health,
        notifier: Notifier,
        limits: Limits,
    ) -> Self {
        let registry = Mutex::new(Registry::new(limits, cluster.limits.name_bytes));
        Self { cluster, health, notifier, limits, registry, freshness: watch::Sender::new(0) }
    }

    /// A feed no longer has a document, which is removed unless another feed has it, too.
    pub(super) fn drop_document(&self, registry: &Registry, name: &str) {
        if !registry.has_document(name) {
            self.cluster.documents.remove(name);
        }
    }

    /// Wakes those that wait for a change of freshness.
    pub(super) fn freshness_changed(&self) {
        self.freshness.send_modify(|changes| *changes += 1);
    }
}
