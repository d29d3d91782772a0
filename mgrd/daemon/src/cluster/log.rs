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
mod tests {
    use super::*;

    #[test]
    fn entries_read_and_write_as_clients_know_them() {
        let text = r#"{"name":"mon.a","rank":"mon.0","addrs":null,"stamp":"2026-11-22T19:32:45.008460+0000","seq":197,"channel":"cluster","priority":"[WRN]","message":"osd.1 failed"}"#;
        let entry: LogEntry = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&entry).unwrap(), text);
        let line = "2026-11-22T19:32:45.008460+0000 mon.a (mon.0) 197 : cluster [WRN] osd.1 failed";
        assert_eq!(entry.to_string(), line);
    }

    #[test]
    fn stamps_are_utc_with_microseconds() {
        let time = "2026-11-22T19:32:45.00846Z".parse().unwrap();
        assert_eq!(stamp(time), "2026-11-22T19:32:45.008460+0000");
    }

    #[test]
    fn priorities_are_known_by_name() {
        for name in ["debug", "info", "sec", "warn", "error"] {
            let priority = Priority::from_name(name).unwrap();
            assert_eq!(serde_json::to_value(priority).unwrap(), priority.to_string());
        }
        assert_eq!(Priority::from_name("loud"), None);
    }
}
