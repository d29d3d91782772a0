//! The limits that an operator may set.

use std::time::Duration;

use serde::Deserialize;

use crate::{cluster, feed, message_bytes, module, options, seconds};

/// The table `[limits]` of `mgrd.toml`; what is absent keeps its default.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How long all modules together may take to end when `mgrd` does.
    #[serde(with = "seconds")]
    pub shutdown_grace: Duration,
    /// How long all modules together may take to end when another manager is to become active, or
    /// when this one does.
    #[serde(with = "seconds")]
    pub handover_grace: Duration,
    /// How long `mgrd` may take to end after a second signal asked for that.
    #[serde(with = "seconds")]
    pub kill_grace: Duration,
    /// Bytes of log lines that wait for whatever reads the log; further lines are lost and counted.
    pub log_waiting_bytes: usize,
    /// `[limits.module]`: what each module is kept to.
    pub module: module::Policy,
    /// `[limits.feed]`: what each feed is kept to.
    pub feed: feed::Limits,
    /// `[limits.cluster]`: how much is kept of what feeds and modules say.
    pub cluster: cluster::Limits,
    /// `[limits.options]`: how large options may be.
    pub options: options::Limits,
    /// `[limits.client]`: what clients are kept to.
    pub client: ClientLimits,
    /// `[limits.connection]`: what everyone who connects is kept to.
    pub connection: ConnectionLimits,
}

/// What clients are kept to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct ClientLimits {
    /// Commands that may bring input data at the same time; more wait for their turn.
    pub inputs: u32,
    /// Bytes of input data of one command; more is refused. At most 64 MiB.
    #[serde(deserialize_with = "message_bytes::deserialize")]
    pub input_bytes: usize,
    /// How long a client may pause while it sends input data.
    #[serde(with = "seconds")]
    pub input_pause: Duration,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self { inputs: 8, input_bytes: message_bytes::MOST, input_pause: Duration::from_secs(60) }
    }
}

/// What everyone who connects is kept to.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct ConnectionLimits {
    /// Connections of all client processes together; further ones are closed at once.
    pub connections: usize,
    /// Connections of one client process.
    pub process_connections: usize,
    /// Connections of one module.
    pub module_connections: usize,
    /// Those of them on which the module has not shown its secret.
    pub unproven_connections: usize,
    /// How long a connection may take to its first call, and that to go on with its first message.
    #[serde(with = "seconds")]
    pub hello_timeout: Duration,
    /// Calls under way on one connection.
    pub streams: u32,
    /// Bytes of the headers of one call.
    pub header_bytes: u32,
    /// Bytes of messages of one caller that have not arrived whole.
    pub receiving_bytes: usize,
    /// Refused calls of one caller in a second, before it is cut off for the rest of it.
    pub refusals_per_second: u32,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 512,
            process_connections: 128,
            module_connections: 16,
            unproven_connections: 8,
            hello_timeout: Duration::from_secs(10),
            streams: 512,
            header_bytes: 16 << 10,
            receiving_bytes: 256 << 20,
            refusals_per_second: 100,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            shutdown_grace: Duration::from_secs(20),
            handover_grace: Duration::from_secs(1),
            kill_grace: Duration::from_secs(8),
            log_waiting_bytes: 4 << 20,
            module: module::Policy::default(),
            feed: feed::Limits::default(),
            cluster: cluster::Limits::default(),
            options: options::Limits::default(),
            client: ClientLimits::default(),
            connection: ConnectionLimits::default(),
        }
    }
}

#[cfg(test)]
mod tests;
