//! How long the embedded backend waits.

use std::time::Duration;

/// How long the embedded backend waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedPolicy {
    /// How often the leader checks that its lock file is still in place.
    pub lock_check_interval: Duration,
    /// How long a former leader that lost its lease may take to close the storage.
    pub former_leader_timeout: Duration,
    /// How often the next leader checks whether the storage is closed.
    pub former_leader_check_interval: Duration,
}

impl Default for EmbeddedPolicy {
    fn default() -> Self {
        Self {
            lock_check_interval: Duration::from_millis(500),
            former_leader_timeout: Duration::from_secs(15),
            former_leader_check_interval: Duration::from_millis(100),
        }
    }
}
