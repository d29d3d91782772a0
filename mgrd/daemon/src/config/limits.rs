//! The limits that an operator can set.

use std::time::Duration;

use serde::Deserialize;

use super::module_limits::ModuleLimits;
use crate::{cluster, crash, feed, options, rpc, seconds, store};

/// The table `[limits]` of `mgrd.toml`. An absent key keeps its default.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How long all modules together may take to end when `mgrd` ends.
    #[serde(with = "seconds")]
    pub shutdown_grace: Duration,
    /// How long all modules together may take to end when this manager becomes active or steps down.
    #[serde(with = "seconds")]
    pub handover_grace: Duration,
    /// How long `mgrd` may take to end after a second signal.
    #[serde(with = "seconds")]
    pub kill_grace: Duration,
    /// How long a loop of the manager itself may hang before the log shows what its threads do.
    #[serde(with = "seconds")]
    pub watchdog_warning: Duration,
    /// How long a loop of the manager itself may hang before `mgrd` aborts; none means for ever.
    #[serde(with = "seconds::or_never")]
    pub watchdog_abort: Option<Duration>,
    /// How long the active manager may not answer a standby until the standby logs that.
    #[serde(with = "seconds")]
    pub leader_silence: Duration,
    /// Bytes of log lines that wait until they are written. Further lines are dropped and counted.
    pub log_waiting_bytes: usize,
    /// `[limits.module]`: the limits of each module.
    pub module: ModuleLimits,
    /// `[limits.feed]`: the limits of each feed.
    pub feed: feed::Limits,
    /// `[limits.cluster]`: the limits of the cluster state.
    pub cluster: cluster::Limits,
    /// `[limits.crash]`: the limits of the reports of crashes.
    pub crash: crash::Limits,
    /// `[limits.options]`: the limits of options.
    pub options: options::Limits,
    /// `[limits.store]`: the limits of all keys outside of the stores of modules.
    pub store: store::KeyLimits,
    /// `[limits.client]`: the limits of clients.
    pub client: rpc::ClientLimits,
    /// `[limits.connection]`: the limits of all connections.
    pub connection: rpc::ConnectionLimits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            shutdown_grace: Duration::from_secs(20),
            handover_grace: Duration::from_secs(1),
            kill_grace: Duration::from_secs(8),
            watchdog_warning: Duration::from_secs(10),
            watchdog_abort: Some(Duration::from_secs(30)),
            leader_silence: Duration::from_secs(5),
            log_waiting_bytes: 4 << 20,
            module: ModuleLimits::default(),
            feed: feed::Limits::default(),
            cluster: cluster::Limits::default(),
            crash: crash::Limits::default(),
            options: options::Limits::default(),
            store: store::KeyLimits::default(),
            client: rpc::ClientLimits::default(),
            connection: rpc::ConnectionLimits::default(),
        }
    }
}

#[cfg(test)]
mod tests;
