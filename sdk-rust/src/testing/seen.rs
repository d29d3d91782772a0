//! What a module has done, as its host sees it.

use std::collections::BTreeMap;
use std::time::Duration;

use mgrd_proto::v1;
use serde_json::Value;

use crate::{HealthCheck, LogPriority};

/// What a module has done until now, as its host sees it.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Seen {
    /// The options of the module that are set, by key.
    pub options: BTreeMap<String, String>,
    /// Options of other modules, by module and key.
    pub module_options: BTreeMap<(String, String), Value>,
    /// The module's store.
    pub store: BTreeMap<String, String>,
    /// The health checks that it has raised.
    pub health: Vec<HealthCheck>,
    /// The URI that it published; empty if none.
    pub uri: String,
    /// The lines that it logged.
    pub log: Vec<LogLine>,
    /// The lines that it added to the cluster log.
    pub cluster_log: Vec<ClusterLogLine>,
    /// The work that it shows, in the order in which it began.
    pub progress: Vec<Work>,
    /// The commands that it sent, as JSON objects with `prefix` and arguments.
    pub commands: Vec<Value>,
    /// How much more time it asked for in its start.
    pub start_extended: Duration,
    /// The error that `serve` returned, if any.
    pub failure: Option<String>,
}

/// A line that a module logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How important it is.
    pub level: tracing::Level,
    /// The text with its fields.
    pub message: String,
}

/// A line of the cluster log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterLogLine {
    /// The channel, such as `cluster`.
    pub channel: String,
    /// How important it is.
    pub priority: LogPriority,
    /// The text.
    pub message: String,
}

/// Work that a module shows with [`Progress`](crate::Progress).
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    pub(super) id: String,
    /// What the work is.
    pub message: String,
    /// How much is done, from 0 to 1.
    pub done: f32,
    /// Whether it has ended.
    pub ended: bool,
}

impl Seen {
    pub(super) fn update_progress(&mut self, update: v1::UpdateProgressRequest) {
        let work =
            Work { id: update.id, message: update.message, done: update.progress, ended: false };
        match self.progress.iter_mut().find(|known| known.id == work.id && !known.ended) {
            Some(known) => *known = work,
            None => self.progress.push(work),
        }
    }

    pub(super) fn end_progress(&mut self, id: &str) {
        match id {
            "" => self.progress.clear(),
            id => self.progress.iter_mut().filter(|w| w.id == id).for_each(|w| w.ended = true),
        }
    }
}

impl From<v1::LogRecord> for LogLine {
    fn from(record: v1::LogRecord) -> Self {
        let level = match record.level() {
            v1::LogLevel::Debug => tracing::Level::DEBUG,
            v1::LogLevel::Warning => tracing::Level::WARN,
            v1::LogLevel::Error | v1::LogLevel::Critical => tracing::Level::ERROR,
            _ => tracing::Level::INFO,
        };
        Self { level, message: record.message }
    }
}

impl From<v1::ClusterLogEntry> for ClusterLogLine {
    fn from(entry: v1::ClusterLogEntry) -> Self {
        let priority = match entry.priority() {
            v1::LogPriority::Debug => LogPriority::Debug,
            v1::LogPriority::Security => LogPriority::Security,
            v1::LogPriority::Warning => LogPriority::Warning,
            v1::LogPriority::Error => LogPriority::Error,
            _ => LogPriority::Info,
        };
        Self { channel: entry.channel, priority, message: entry.message }
    }
}
