//! How much is kept of what feeds and modules say about the cluster.

use serde::Deserialize;

/// The bounds of the cluster's state, from all feeds and modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Entries of the cluster log that are kept; a new one drops the oldest.
    pub log_entries: usize,
    /// Bytes of one cluster-log message; a longer one is cut.
    pub log_message_bytes: usize,
    /// Events of the manager itself that are kept; a new one drops the oldest.
    pub events: usize,
    /// Progress events under way; more are refused.
    pub progress_events: usize,
    /// Progress events that ended and are remembered; a new one drops the oldest.
    pub progress_completed: usize,
    /// Health checks of one module or feed; the rest is left out.
    pub health_checks: usize,
    /// Lines of detail of one health check; the rest is counted.
    pub health_details: usize,
    /// Bytes of one text for people, such as a health summary; a longer one is cut. A longer URI is
    /// refused.
    pub text_bytes: usize,
    /// Bytes of one name, such as a document's or a health check's; a longer one is refused, that
    /// of a health check is left out, that of a log channel is cut.
    pub name_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            log_entries: 10_000,
            log_message_bytes: 16 << 10,
            events: 1000,
            progress_events: 1024,
            progress_completed: 50,
            health_checks: 256,
            health_details: 1024,
            text_bytes: 4096,
            name_bytes: 256,
        }
    }
}
