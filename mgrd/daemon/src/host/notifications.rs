//! The order of messages to modules: a changed document comes before everything that it causes.

use std::sync::Arc;

use bytes::Bytes;
use parking_lot::Mutex;
use serde_json::Value;

use crate::cluster::Cluster;
use crate::module::Modules;

/// Sends modules notifications, after the changes that caused them. A clone shares it.
#[derive(Clone)]
pub struct Notifications(Arc<Inner>);

struct Inner {
    cluster: Cluster,
    modules: Modules,
    /// The version up to which modules have the document changes.
    announced: Mutex<u64>,
}

impl Notifications {
    /// Notifications about this cluster, for these modules.
    #[must_use]
    pub fn new(cluster: Cluster, modules: Modules) -> Self {
        Self(Arc::new(Inner { cluster, modules, announced: Mutex::new(0) }))
    }

    /// Sends modules the versions of all documents that changed since the last call. Call it before
    /// a message that such a change caused.
    pub(super) fn announce_documents(&self) {
        let mut announced = self.0.announced.lock();
        for (name, version) in self.0.cluster.documents.changed_since(*announced) {
            *announced = version;
            let now = self.0.cluster.get(&name).map_or(0, |document| document.version);
            self.0.modules.document_changed(&name, now);
        }
    }

    /// Notifies modules.
    pub fn notify(&self, kind: &str, id: &Value) {
        self.announce_documents();
        self.0.modules.notify(kind, &Bytes::from(id.to_string()));
    }

    /// Notifies a module that a command it sent has ended, after the changes that the command caused.
    pub fn command_ended(&self, module: &str, tag: &str) {
        self.announce_documents();
        self.0.modules.notify_one(module, "command", Bytes::from(Value::from(tag).to_string()));
    }
}
