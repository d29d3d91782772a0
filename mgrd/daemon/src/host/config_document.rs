//! The document `config`: what feeds say of the cluster's options, below what is set here.

use serde_json::json;

use super::parts::Host;
use crate::options::is_managers_own;

impl Host {
    /// Learns from the feeds which options the cluster itself has.
    pub(super) fn learn_options(&self) {
        for name in ["config", "config_options"] {
            if let Some(document) = self.parts.cluster.documents.feed_document(name) {
                self.parts.options.schemas.learn(&document.value());
            }
        }
    }

    /// The manager's own log level, as Ceph writes it: `2/5`.
    pub(super) fn debug_level(&self) -> String {
        let level = self.parts.options.get(&self.daemon_name(), "debug_mgr");
        level.unwrap_or_else(|_| "2/5".to_owned())
    }

    /// Writes the document as it is now.
    pub fn refresh_config(&self) {
        let options = &self.parts.options;
        let of_feed = self.parts.cluster.documents.feed_document("config");
        let of_feed = of_feed.map(|document| document.value());
        let mut config = of_feed.and_then(|v| v.as_object().cloned()).unwrap_or_default();
        let me = self.daemon_name();
        // Defaults first; what is set replaces them.
        for name in options.names().into_iter().filter(|name| is_managers_own(name)) {
            let default = options.default(&name).unwrap_or_default();
            config.insert(name, default.into());
        }
        for (name, effective) in options.effective(&me).unwrap_or_default() {
            config.insert(name, effective.value.into());
        }
        config.insert("name".to_owned(), json!(me));
        config.entry("cluster").or_insert_with(|| json!("ceph"));
        // A JSON object can always be written as JSON.
        let _ = self.parts.cluster.put_own("config", &config);
    }
}
