//! How much one feed may send, so that a broken feed cannot fill the manager's memory.

use std::time::Duration;

use serde::Deserialize;

use crate::seconds;

/// The limits of one feed, and of the number of feeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Feeds, connected or not.
    pub feeds: usize,
    /// Documents of one feed.
    pub documents: usize,
    /// Bytes of all documents of one feed.
    pub document_bytes: usize,
    /// Daemons of one feed.
    pub daemons: usize,
    /// Bytes of all daemons of one feed, with the values of their perf counters.
    pub daemon_bytes: usize,
    /// Perf counters of one daemon.
    pub counters: usize,
    /// Bytes of metadata, status and host name of one daemon.
    pub fact_bytes: usize,
    /// Commands for the cluster that one feed has not answered. More are refused.
    pub commands: usize,
    /// Those of one caller. More are refused.
    pub caller_commands: usize,
    /// Notifications and entries of the cluster log of one feed in one second. A feed that sends more waits.
    pub notifications_per_second: usize,
    /// A feed is stale when it sends nothing for this long, unless it names another time.
    #[serde(with = "seconds")]
    pub stale_after: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            feeds: 64,
            documents: 1024,
            document_bytes: 512 << 20,
            daemons: 100_000,
            daemon_bytes: 2 << 30,
            counters: 4096,
            fact_bytes: 64 << 10,
            commands: 256,
            caller_commands: 128,
            notifications_per_second: 500,
            stale_after: Duration::from_secs(30),
        }
    }
}
