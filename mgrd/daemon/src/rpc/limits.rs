//! How much clients and connections may take.

use std::time::Duration;

use serde::Deserialize;

use crate::module::Most;
use crate::module_limits::{Limit, OwnLimits, Settings};
use crate::{message_bytes, positive, seconds};

/// What serving needs of the limits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// The limits of clients.
    pub client: ClientLimits,
    /// The limits of all connections.
    pub connection: ConnectionLimits,
}

/// The limits of clients.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct ClientLimits {
    /// Commands with input data at the same time. More wait for their turn.
    pub inputs: u32,
    /// Bytes of input data of one command, at most 64 MiB. More is refused.
    #[serde(deserialize_with = "message_bytes::deserialize")]
    pub input_bytes: usize,
    /// How long a client may pause while it sends input data.
    #[serde(with = "seconds")]
    pub input_pause: Duration,
    /// Words of one command. More is refused.
    #[serde(deserialize_with = "positive::deserialize")]
    pub command_words: usize,
    /// Bytes of the words or the JSON of one command, without its input data. More is refused.
    #[serde(deserialize_with = "positive::deserialize")]
    pub command_bytes: usize,
    /// Backups at the same time. More are refused.
    pub backups: usize,
    /// How long a client may pause while it reads a backup.
    #[serde(with = "seconds")]
    pub backup_pause: Duration,
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            inputs: 8,
            input_bytes: message_bytes::MOST,
            input_pause: Duration::from_secs(60),
            command_words: 4096,
            command_bytes: 1 << 20,
            backups: 2,
            backup_pause: Duration::from_secs(60),
        }
    }
}

/// The limits of all connections.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct ConnectionLimits {
    /// Connections of all client processes together. Further ones are closed at once.
    #[serde(deserialize_with = "positive::deserialize")]
    pub connections: usize,
    /// Connections of one client process.
    #[serde(deserialize_with = "positive::deserialize")]
    pub process_connections: usize,
    /// Connections of one module that has no limit of its own.
    #[serde(deserialize_with = "positive::deserialize")]
    pub module_connections: usize,
    /// Connections of all modules together.
    #[serde(deserialize_with = "positive::deserialize")]
    pub all_module_connections: usize,
    /// Connections of one module on which it has not shown its secret.
    #[serde(deserialize_with = "positive::deserialize")]
    pub unproven_connections: usize,
    /// How long a connection may wait before its first call, and a call before its first message.
    #[serde(with = "seconds")]
    pub hello_timeout: Duration,
    /// Concurrent calls on one connection.
    #[serde(deserialize_with = "positive::deserialize")]
    pub streams: u32,
    /// Bytes of the headers of one call.
    pub header_bytes: u32,
    /// Bytes of incomplete messages of one caller.
    pub receiving_bytes: usize,
    /// Bytes of one message of a call that carries no data.
    pub request_bytes: usize,
    /// Calls of one caller that have not ended, on all of its connections. With more, the
    /// connection is closed.
    #[serde(deserialize_with = "positive::deserialize")]
    pub calls: usize,
    /// Bytes of answers that one caller has not read. With more, its further calls wait.
    #[serde(deserialize_with = "positive::deserialize")]
    pub unread_bytes: usize,
    /// Refused calls of one caller in one second. With more, its connections are closed for the rest
    /// of the second.
    pub refusals_per_second: u32,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            connections: 512,
            process_connections: 128,
            module_connections: 16,
            all_module_connections: 4096,
            unproven_connections: 8,
            hello_timeout: Duration::from_secs(10),
            streams: 512,
            header_bytes: 16 << 10,
            receiving_bytes: 256 << 20,
            request_bytes: 1 << 20,
            calls: 1024,
            unread_bytes: 32 << 20,
            refusals_per_second: 100,
        }
    }
}

/// The descriptors that are for other things than connections: files, pipes and processes of modules.
const OTHER_DESCRIPTORS: usize = 256;

impl ConnectionLimits {
    /// These limits with what is set for one module.
    #[must_use]
    pub(super) fn with(self, own: Option<&OwnLimits>) -> Self {
        let count = |own: &OwnLimits| own.count(Limit::Connections, self.module_connections);
        Self { module_connections: own.map_or(self.module_connections, count), ..self }
    }

    /// Those that can be set for one module.
    #[must_use]
    pub fn settings(&self, settings: Settings) -> Settings {
        settings.with(Limit::Connections, Some(self.module_connections as u64))
    }

    /// The most that one module can get, whatever is set for it.
    #[must_use]
    pub fn most(&self) -> Vec<Most> {
        let of = |limit, value, setting| Most { limit, value: value as u64, setting };
        vec![
            of(
                Limit::Connections,
                self.all_module_connections,
                "limits.connection.all_module_connections",
            ),
            of(Limit::MessageBytes, self.receiving_bytes, "limits.connection.receiving_bytes"),
        ]
    }

    /// These limits, or smaller ones if they would need more than so many descriptors. Clients and
    /// modules then have the same room, so that neither can take that of the other.
    #[must_use]
    pub fn within(self, descriptors: u64) -> Self {
        let descriptors = usize::try_from(descriptors).unwrap_or(usize::MAX);
        let room = descriptors.saturating_sub(OTHER_DESCRIPTORS.min(descriptors / 4));
        let wanted = self.connections.saturating_add(self.all_module_connections);
        if wanted <= room {
            return self;
        }
        let connections = self.connections.min(room / 2);
        Self {
            connections,
            process_connections: self.process_connections.min(connections / 2),
            all_module_connections: self.all_module_connections.min(room - connections),
            ..self
        }
    }
}

#[cfg(test)]
mod tests;
