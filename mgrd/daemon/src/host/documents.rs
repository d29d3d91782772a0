//! The order of messages to modules: a changed document comes before everything that it causes.

use bytes::Bytes;
use serde_json::Value;

use super::parts::Host;

impl Host {
    /// Sends modules the versions of all documents that changed since the last call. Call it before
    /// a message that such a change caused.
    pub(super) fn announce_documents(&self) {
        let mut announced = self.announced.lock();
        for (name, version) in self.parts.cluster.documents.changed_since(*announced) {
            *announced = version;
            let now = self.parts.cluster.get(&name).map_or(0, |document| document.version);
            self.parts.modules.document_changed(&name, now);
        }
    }

    /// Notifies modules.
    pub fn notify(&self, kind: &str, id: &Value) {
        self.announce_documents();
        self.parts.modules.notify(kind, &Bytes::from(id.to_string()));
    }

    /// Notifies a module that a command it sent has ended, after the changes that the command caused.
    pub fn command_ended(&self, module: &str, tag: &str) {
        self.announce_documents();
        self.parts.modules.notify_one(module, "command", Bytes::from(Value::from(tag).to_string()));
    }
}
