//! How much cluster state is kept.

use serde::Deserialize;

/// The limits of the cluster state, from all feeds and modules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Entries of the cluster log. A new entry removes the oldest one.
    pub log_entries: usize,
    /// Bytes of these. A new entry removes the oldest ones.
    pub log_bytes: usize,
    /// Bytes of one cluster-log message. A longer message is cut.
    pub log_message_bytes: usize,
    /// Events of the manager itself. A new event removes the oldest one.
    pub events: usize,
    /// Open progress events of all modules. More are refused.
    pub progress_events: usize,
    /// Open progress events of one module. More are refused.
    pub module_progress_events: usize,
    /// Completed progress events. A new one removes the oldest one.
    pub progress_completed: usize,
    /// Health checks of one module or feed. The rest is left out.
    pub health_checks: usize,
    /// Lines of detail of one health check. The rest is counted.
    pub health_details: usize,
    /// Bytes of all health checks of one module or feed. Details that exceed it are counted, and
    /// checks that exceed it are left out.
    pub health_bytes: usize,
    /// Bytes of one text for people, such as a health summary. A longer text is cut. A longer URI is
    /// refused.
    pub text_bytes: usize,
    /// Bytes of one name, such as the name of a document. A longer name is refused. A health check
    /// with a longer name is left out. A longer name of a log channel is cut.
    pub name_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            log_entries: 10_000,
            log_bytes: 8 << 20,
            log_message_bytes: 16 << 10,
            events: 1000,
            progress_events: 1024,
            module_progress_events: 128,
            progress_completed: 50,
            health_checks: 256,
            health_details: 1024,
            health_bytes: 256 << 10,
            text_bytes: 4096,
            name_bytes: 256,
        }
    }
}
