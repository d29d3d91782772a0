//! Receives records from `tracing`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{SystemTime, UNIX_EPOCH};

use mgrd_proto::v1::{LogLevel, LogRecord};
use parking_lot::RwLock;
use tokio::sync::mpsc;
use tracing::{Dispatch, Event, Level, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::reload;

use super::policy::LogPolicy;
use super::text;
use crate::fitting::cut;
use crate::host::CALL;

/// How many records may wait. Further records are dropped and counted.
pub(super) const WAITING: usize = 1024;
/// These libraries carry the session. At a low level they would log each message that carries a log
/// record, without end.
const QUIET: [&str; 5] = ["h2", "hyper", "hyper_util", "tonic", "tower"];

/// A record and where it goes.
#[derive(Debug)]
pub(super) struct Routed {
    pub(super) record: LogRecord,
    /// A line for this file, instead of the host.
    pub(super) line: Option<(PathBuf, String)>,
    /// Whether the host or the file gets it.
    pub(super) is_logged: bool,
    /// Whether the cluster log gets it.
    pub(super) to_cluster: bool,
}

/// Records that wait, and the number of those that were dropped.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) records: mpsc::Receiver<Routed>,
    pub(super) lost: Arc<AtomicU64>,
}

/// Captures the log records of a session.
pub(crate) struct Logging {
    dispatch: Dispatch,
    filter: reload::Handle<Targets, Registry>,
    policy: Arc<RwLock<LogPolicy>>,
    waiting: Option<Waiting>,
}

impl Logging {
    pub(crate) fn new() -> Self {
        let (sender, records) = mpsc::channel(WAITING);
        let (lost, policy) = (Arc::default(), Arc::<RwLock<LogPolicy>>::default());
        let (filter, handle) = reload::Layer::new(targets(policy.read().lowest()));
        let capture = Capture { sender, lost: Arc::clone(&lost), policy: Arc::clone(&policy) };
        let subscriber = tracing_subscriber::registry().with(capture.with_filter(filter));
        let waiting = Some(Waiting { records, lost });
        Self { dispatch: subscriber.into(), filter: handle, policy, waiting }
    }

    /// The subscriber that captures the records.
    pub(crate) fn dispatch(&self) -> Dispatch {
        self.dispatch.clone()
    }

    /// The captured records; `None` after the first call.
    pub(super) fn waiting(&mut self) -> Option<Waiting> {
        self.waiting.take()
    }

    /// Uses this policy from now on.
    pub(crate) fn apply(&self, policy: LogPolicy) {
        let before = std::mem::replace(&mut *self.policy.write(), policy.clone());
        if before.lowest() != policy.lowest() {
            // It fails only if the subscriber is gone, and then no more records come.
            let _ = self.filter.reload(targets(policy.lowest()));
        }
        if policy.file_is_missing && !before.file_is_missing {
            tracing::warn!(
                "log_to_file has no effect, because mgrd has no log file; start mgrd with --log-file"
            );
        }
    }
}

fn targets(level: LevelFilter) -> Targets {
    let quiet = QUIET.map(|target| (target, level.min(LevelFilter::WARN)));
    Targets::new().with_default(level).with_targets(quiet)
}

struct Capture {
    sender: mpsc::Sender<Routed>,
    lost: Arc<AtomicU64>,
    policy: Arc<RwLock<LogPolicy>>,
}

impl<S: Subscriber> Layer<S> for Capture {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        let message = text::of(event);
        let policy = self.policy.read();
        let file = policy.file.clone();
        let routed = Routed {
            line: file.map(|path| (path, text::line(event, &message))),
            is_logged: *metadata.level() <= policy.level,
            // A record about sending must not cause another one.
            to_cluster: *metadata.level() <= policy.cluster
                && !metadata.target().starts_with("mgrd_sdk"),
            record: record(wire_level(*metadata.level()), metadata.target(), message),
        };
        if self.sender.try_send(routed).is_err() {
            self.lost.fetch_add(1, Relaxed);
        }
    }
}

fn wire_level(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warning,
        Level::INFO => LogLevel::Info,
        _ => LogLevel::Debug,
    }
}

/// A record with the current time.
pub(super) fn record(level: LogLevel, logger: &str, message: String) -> LogRecord {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    LogRecord {
        level: level.into(),
        logger: logger.to_owned(),
        message: cut(message),
        stamp_us: i64::try_from(since_1970.as_micros()).unwrap_or_default(),
        call_id: CALL.try_with(|id| *id).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
