//! Takes records from `tracing`.

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

use super::text;
use super::wishes::Wishes;

/// How many records may wait; beyond that they are counted and left out.
pub(super) const WAITING: usize = 1024;
/// The libraries under the session would log each message that carries a log record.
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

/// Records that wait, and how many did not find room.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) records: mpsc::Receiver<Routed>,
    pub(super) lost: Arc<AtomicU64>,
}

/// The logging of a session: where its records come from.
pub(crate) struct Logging {
    dispatch: Dispatch,
    filter: reload::Handle<Targets, Registry>,
    wishes: Arc<RwLock<Wishes>>,
    waiting: Option<Waiting>,
}

impl Logging {
    pub(crate) fn new() -> Self {
        let (sender, records) = mpsc::channel(WAITING);
        let (lost, wishes) = (Arc::default(), Arc::<RwLock<Wishes>>::default());
        let (filter, handle) = reload::Layer::new(targets(wishes.read().lowest()));
        let capture = Capture { sender, lost: Arc::clone(&lost), wishes: Arc::clone(&wishes) };
        let subscriber = tracing_subscriber::registry().with(capture.with_filter(filter));
        let waiting = Some(Waiting { records, lost });
        Self { dispatch: subscriber.into(), filter: handle, wishes, waiting }
    }

    /// What to log with.
    pub(crate) fn dispatch(&self) -> Dispatch {
        self.dispatch.clone()
    }

    /// The records, once.
    pub(super) fn waiting(&mut self) -> Option<Waiting> {
        self.waiting.take()
    }

    /// Follows the options.
    pub(crate) fn apply(&self, wishes: Wishes) {
        let before = std::mem::replace(&mut *self.wishes.write(), wishes.clone());
        if before.lowest() != wishes.lowest() {
            // It fails only where the subscriber is gone, and nothing is logged any more.
            let _ = self.filter.reload(targets(wishes.lowest()));
        }
        if wishes.file_is_missing && !before.file_is_missing {
            tracing::warn!(
                "log_to_file has no effect: mgrd itself logs to no file; give it --log-file"
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
    wishes: Arc<RwLock<Wishes>>,
}

impl<S: Subscriber> Layer<S> for Capture {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        let message = text::of(event);
        let wishes = self.wishes.read();
        let file = wishes.file.clone();
        let routed = Routed {
            line: file.map(|path| (path, text::line(event, &message))),
            is_logged: *metadata.level() <= wishes.level,
            // What is said about sending must not be sent.
            to_cluster: *metadata.level() <= wishes.cluster
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

/// A record of now.
pub(super) fn record(level: LogLevel, logger: &str, message: String) -> LogRecord {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    LogRecord {
        level: level.into(),
        logger: logger.to_owned(),
        message,
        stamp_us: i64::try_from(since_1970.as_micros()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests;
