//! The cluster log and the manager's own events.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::text::indent;

/// How important a cluster-log entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Priority {
    #[serde(rename = "[DBG]")]
    Debug,
    #[serde(rename = "[INF]")]
    Info,
    #[serde(rename = "[SEC]")]
    Security,
    #[serde(rename = "[WRN]")]
    Warning,
    #[serde(rename = "[ERR]")]
    Error,
}

impl Priority {
    /// The priority with this name in commands: `debug`, `info`, `sec`, `warn`, `error`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "debug" => Self::Debug,
            "info" => Self::Info,
            "sec" => Self::Security,
            "warn" => Self::Warning,
            "error" => Self::Error,
            _ => return None,
        })
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Debug => "[DBG]",
            Self::Info => "[INF]",
            Self::Security => "[SEC]",
            Self::Warning => "[WRN]",
            Self::Error => "[ERR]",
        })
    }
}

/// One entry of the cluster log, with Ceph's keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// The daemon or manager that wrote it, such as `mon.a`.
    #[serde(default)]
    pub name: String,
    /// The same daemon by rank or global id, such as `mon.0`.
    #[serde(default)]
    pub rank: String,
    /// The addresses of that daemon. `null` if they are not known.
    #[serde(default)]
    pub addrs: Value,
    /// The time, as [`stamp`] writes it.
    pub stamp: String,
    /// The number of the entry among those of one writer.
    #[serde(default)]
    pub seq: u64,
    /// `cluster`, `audit`, or another channel.
    pub channel: String,
    /// How important it is.
    pub priority: Priority,
    /// The text.
    pub message: String,
}

impl LogEntry {
    /// How much of the limit of the log it takes.
    pub(super) fn bytes(&self) -> usize {
        let Self { name, rank, stamp, channel, message, .. } = self;
        let texts = [name, rank, stamp, channel, message];
        size_of::<Self>() + texts.iter().map(|text| text.len()).sum::<usize>()
    }
}

/// One line as in Ceph. Further lines of the message are indented, so that a message cannot fake
/// another entry.
impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stamp, name, rank, seq, channel, priority, message, .. } = self;
        let message = indent(message);
        write!(f, "{stamp} {name} ({rank}) {seq} : {channel} {priority} {message}")
    }
}

/// An event in the manager itself: a module changed its state, or a feed connected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The time, as [`stamp`] writes it.
    pub stamp: String,
    /// What it is about, such as `module` or `feed`.
    pub topic: String,
    /// The name of the module or feed.
    pub subject: String,
    /// What happened.
    pub message: String,
    /// For a progress event: how much of the work is done.
    pub percent: Option<u8>,
}

impl Event {
    pub(super) fn is_of_same_source(&self, other: &Self) -> bool {
        self.subject == other.subject && self.topic == other.topic
    }
}

/// A time as Ceph writes it: UTC, microseconds, `+0000`.
#[must_use]
pub fn stamp(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.6f%z").to_string()
}

#[cfg(test)]
mod tests;
