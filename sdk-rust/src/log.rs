//! Log records travel to the host, which writes them with the module's name.

use std::fmt::{Debug, Write};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, OnceLock};
use std::time::{SystemTime, UNIX_EPOCH};

use mgrd_proto::v1::attach_request::Message;
use mgrd_proto::v1::{LogLevel, LogRecord};
use tokio::sync::mpsc;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::reload;
use tracing_subscriber::util::SubscriberInitExt;

use crate::outbox::Outbox;

/// How many records may wait for the host; beyond that they are counted and left out.
const WAITING: usize = 1024;
/// The libraries under the session would log each message that carries a log record.
const QUIET: [&str; 4] = ["h2", "hyper", "hyper_util", "tonic"];

/// The option that sets the lowest level; every module has it.
pub(crate) const LEVEL_OPTION: &str = "log_level";
pub(crate) const LEVELS: [&str; 4] = ["debug", "info", "warning", "error"];

static SET_LEVEL: OnceLock<Box<dyn Fn(LevelFilter) + Send + Sync>> = OnceLock::new();

/// The records that wait for the host.
#[derive(Debug)]
pub(crate) struct Records {
    waiting: mpsc::Receiver<LogRecord>,
    lost: Arc<AtomicU64>,
}

struct ToHost {
    waiting: mpsc::Sender<LogRecord>,
    lost: Arc<AtomicU64>,
}

/// Takes what this process logs with `tracing` from now on.
pub(crate) fn install() -> Records {
    let (sender, waiting) = mpsc::channel(WAITING);
    let lost = Arc::<AtomicU64>::default();
    let (filter, handle) = reload::Layer::new(targets(LevelFilter::INFO));
    let layer = ToHost { waiting: sender, lost: lost.clone() }.with_filter(filter);
    // A module that set its own subscriber keeps it.
    if tracing_subscriber::registry().with(layer).try_init().is_ok() {
        let _ = SET_LEVEL.set(Box::new(move |level| {
            let _ = handle.reload(targets(level));
        }));
    }
    Records { waiting, lost }
}

/// Sets the lowest level that is sent, by its name in the option.
pub(crate) fn set_level(name: Option<&str>) {
    let level = match name {
        Some("debug") => LevelFilter::DEBUG,
        Some("warning") => LevelFilter::WARN,
        Some("error") => LevelFilter::ERROR,
        _ => LevelFilter::INFO,
    };
    if let Some(set) = SET_LEVEL.get() {
        set(level);
    }
}

fn targets(level: LevelFilter) -> Targets {
    let quiet = QUIET.map(|target| (target, LevelFilter::WARN));
    Targets::new().with_default(level).with_targets(quiet)
}

impl Records {
    /// Sends records until the session ends.
    pub(crate) async fn forward(mut self, outbox: Outbox) {
        while let Some(record) = self.waiting.recv().await {
            outbox.send(Message::Log(record)).await;
            let lost = self.lost.swap(0, Relaxed);
            if lost > 0 {
                let message = format!("{lost} log records were left out: too many at once");
                outbox.send(Message::Log(record_now(LogLevel::Warning, "mgrd_sdk", message))).await;
            }
        }
    }
}

impl<S: Subscriber> Layer<S> for ToHost {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let metadata = event.metadata();
        let level = match *metadata.level() {
            Level::ERROR => LogLevel::Error,
            Level::WARN => LogLevel::Warning,
            Level::INFO => LogLevel::Info,
            _ => LogLevel::Debug,
        };
        let mut text = Text::default();
        event.record(&mut text);
        text.message.push_str(&text.fields);
        if self.waiting.try_send(record_now(level, metadata.target(), text.message)).is_err() {
            self.lost.fetch_add(1, Relaxed);
        }
    }
}

fn record_now(level: LogLevel, logger: &str, message: String) -> LogRecord {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    LogRecord {
        level: level.into(),
        logger: logger.to_owned(),
        message,
        stamp_us: i64::try_from(since_1970.as_micros()).unwrap_or_default(),
    }
}

/// An event as one text: its message, then its fields.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    // Writing to a `String` cannot fail.
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "message" => self.message.push_str(value),
            name => {
                let _ = write!(self.fields, " {name}={value}");
            }
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = match field.name() {
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_forwarded_and_those_beyond_the_bound_counted() {
        let (waiting, mut receiver) = mpsc::channel(1);
        let lost = Arc::<AtomicU64>::default();
        let layer = ToHost { waiting, lost: lost.clone() };
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::warn!(osd = 3, host = "a", "it is {}", "odd");
            tracing::info!("never seen");
        });
        let record = receiver.try_recv().unwrap();
        assert_eq!(record.message, "it is odd osd=3 host=a");
        assert_eq!(record.level(), LogLevel::Warning);
        assert_eq!(lost.load(Relaxed), 1);
    }
}
