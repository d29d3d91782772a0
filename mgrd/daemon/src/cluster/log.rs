//! The cluster log and the manager's own events.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

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
    /// By the names that commands use: `debug`, `info`, `sec`, `warn`, `error`.
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

/// One entry of the cluster log, with the keys that clients and modules know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Who says it, such as `mon.a`.
    #[serde(default)]
    pub name: String,
    /// The same by rank or global id, such as `mon.0`.
    #[serde(default)]
    pub rank: String,
    /// Where that daemon listens; `null` if not told.
    #[serde(default)]
    pub addrs: Value,
    /// When, as [`stamp`] writes it.
    pub stamp: String,
    /// Counts the entries of one speaker.
    #[serde(default)]
    pub seq: u64,
    /// `cluster`, `audit`, or any other.
    pub channel: String,
    /// How important.
    pub priority: Priority,
    /// The text.
    pub message: String,
}

impl fmt::Display for LogEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { stamp, name, rank, seq, channel, priority, message, .. } = self;
        write!(f, "{stamp} {name} ({rank}) {seq} : {channel} {priority} {message}")
    }
}

/// Something that happened in the manager itself: a module changed its state, a feed came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Event {
    /// When, as [`stamp`] writes it.
    pub stamp: String,
    /// What it is about, such as `module` or `feed`.
    pub topic: String,
    /// Which one, such as the module's name.
    pub subject: String,
    /// What happened.
    pub message: String,
    /// For work under way: how much of it is done.
    pub percent: Option<u8>,
}

/// A time as Ceph writes it: UTC, microseconds, `+0000`.
#[must_use]
pub fn stamp(time: Timestamp) -> String {
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S%.6f%z").to_string()
}

#[cfg(test)]
mod tests;
