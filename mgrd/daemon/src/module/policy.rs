//! Every limit and timeout of the supervisor, with its default.

use std::time::Duration;

use serde::Deserialize;

use crate::{message_bytes, seconds};

/// The limits that the supervisor keeps modules to. Each is a key of the configuration.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// How long a module may take from its start to saying ready.
    #[serde(with = "seconds")]
    pub start_timeout: Duration,
    /// How far a module may push that time by asking for more.
    #[serde(with = "seconds")]
    pub start_timeout_max: Duration,
    /// How long a module has to end after being asked to on its session.
    #[serde(with = "seconds")]
    pub shutdown_grace: Duration,
    /// How long it then has after SIGTERM, before SIGKILL.
    #[serde(with = "seconds")]
    pub term_grace: Duration,
    /// How long a process may live on after its session ended.
    #[serde(with = "seconds")]
    pub session_end_grace: Duration,
    /// How long to wait, after the end of a process, for the end of its output.
    #[serde(with = "seconds")]
    pub output_grace: Duration,
    /// The delay before the second restart in a row; the first one after health is immediate.
    #[serde(with = "seconds")]
    pub backoff_first: Duration,
    /// The longest delay between restarts.
    #[serde(with = "seconds")]
    pub backoff_max: Duration,
    /// How long a module must run before its failures are forgotten.
    #[serde(with = "seconds")]
    pub healthy_after: Duration,
    /// This many failures within `failure_window` mean failed.
    pub failure_limit: usize,
    /// See `failure_limit`.
    #[serde(with = "seconds")]
    pub failure_window: Duration,
    /// How often a failed module is tried again; none means never.
    #[serde(with = "seconds::or_never")]
    pub slow_retry: Option<Duration>,
    /// How often a session is pinged.
    #[serde(with = "seconds")]
    pub ping_interval: Duration,
    /// A ping unanswered for this long is a health warning.
    #[serde(with = "seconds")]
    pub ping_warning: Duration,
    /// A ping unanswered for this long means a restart.
    #[serde(with = "seconds")]
    pub ping_restart: Duration,
    /// A handler unfinished for this long is a health warning.
    #[serde(with = "seconds")]
    pub busy_warning: Duration,
    /// A handler unfinished for this long means a restart; none means never.
    #[serde(with = "seconds::or_never")]
    pub busy_restart: Option<Duration>,
    /// Commands and remote calls under way in one module; more are refused.
    pub in_flight: usize,
    /// Input and arguments waiting for one module, in bytes; more are refused.
    pub waiting_bytes: usize,
    /// Output of one command that its client did not take yet, in bytes; more ends the command.
    pub output_bytes: usize,
    /// Notifications waiting for one module; more drop the oldest.
    pub notifications: usize,
    /// Documents that one module may watch. It reads further ones again each time.
    pub watched_documents: usize,
    /// The depth at which a chain of remote calls is taken for a cycle.
    pub call_depth: usize,
    /// How long a remote call may take if its caller sets no limit.
    #[serde(with = "seconds")]
    pub call_timeout: Duration,
    /// How long a command that a module sends may take if the module sets no limit.
    #[serde(with = "seconds")]
    pub command_timeout: Duration,
    /// How many modules are described at a time.
    pub describe_concurrency: u32,
    /// How long describing one module may take.
    #[serde(with = "seconds")]
    pub describe_timeout: Duration,
    /// How long reading a module's folder may take; one that does not answer cannot run.
    #[serde(with = "seconds")]
    pub folder_timeout: Duration,
    /// Folders that are read at the same time, those that do not answer included.
    pub folder_reads: u32,
    /// Entries of a folder that are looked at.
    pub folder_entries: usize,
    /// Bytes of a `module.toml`; a larger one is refused.
    pub manifest_bytes: u64,
    /// Bytes of a module's files that are read to find out whether they changed. Of further files, size
    /// and age are compared.
    pub fingerprint_bytes: u64,
    /// The longest line of output that is kept whole, in bytes.
    pub line_bytes: usize,
    /// Bytes of stdout, or of stderr, that are read a second; a module that writes more waits.
    pub stream_bytes_per_second: usize,
    /// Lines of output a second that are logged; more are counted and dropped.
    pub lines_per_second: u32,
    /// Log records of one module a second that are logged; more are counted and dropped.
    pub log_records_per_second: u32,
    /// Bytes of one log record's message or of a traceback; a longer one is cut.
    pub log_record_bytes: usize,
    /// Bytes of one text for people, such as the reason for which it cannot run; a longer one is
    /// cut.
    pub text_bytes: usize,
    /// Bytes of all that it declares, such as commands and options; what does not fit is left out.
    pub declaration_bytes: usize,
    /// How many lines of stderr are kept as last words.
    pub last_words: usize,
    /// Bytes of all keys and values in the store of one module; a write that exceeds it is refused.
    pub store_bytes: usize,
    /// Keys in the store of one module; more are refused.
    pub store_keys: usize,
    /// Bytes of one value in the store of a module; a larger one is refused. At most 64 MiB.
    #[serde(deserialize_with = "message_bytes::deserialize")]
    pub store_value_bytes: usize,
    /// The niceness of module processes.
    pub nice: i32,
}

impl Default for Policy {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            start_timeout: seconds(30),
            start_timeout_max: seconds(600),
            shutdown_grace: seconds(10),
            term_grace: seconds(5),
            session_end_grace: seconds(5),
            output_grace: seconds(1),
            backoff_first: Duration::from_millis(500),
            backoff_max: seconds(60),
            healthy_after: seconds(120),
            failure_limit: 5,
            failure_window: seconds(600),
            slow_retry: Some(seconds(600)),
            ping_interval: seconds(5),
            ping_warning: seconds(15),
            ping_restart: seconds(60),
            busy_warning: seconds(60),
            busy_restart: Some(seconds(3600)),
            in_flight: 256,
            waiting_bytes: 256 << 20,
            output_bytes: 64 << 20,
            notifications: 1000,
            watched_documents: 1024,
            call_depth: 16,
            call_timeout: seconds(30),
            command_timeout: seconds(600),
            describe_concurrency: 2,
            describe_timeout: seconds(30),
            folder_timeout: seconds(5),
            folder_reads: 64,
            folder_entries: 10_000,
            manifest_bytes: 64 << 10,
            fingerprint_bytes: 16 << 20,
            line_bytes: 8192,
            stream_bytes_per_second: 16 << 20,
            lines_per_second: 1000,
            log_records_per_second: 1000,
            log_record_bytes: 64 << 10,
            text_bytes: 4096,
            declaration_bytes: 1 << 20,
            last_words: 20,
            store_bytes: 256 << 20,
            store_keys: 100_000,
            store_value_bytes: 16 << 20,
            nice: 5,
        }
    }
}

impl Policy {
    /// The delay before restart number `attempt` in a row (the first is 0), spread by
    /// `jitter` (-1 to 1) within ±20 %.
    pub(super) fn delay(&self, attempt: u32, jitter: f64) -> Duration {
        if attempt == 0 {
            return Duration::ZERO;
        }
        let doubled = self.backoff_first.saturating_mul(1 << (attempt - 1).min(20));
        doubled.min(self.backoff_max).mul_f64(1.0 + 0.2 * jitter.clamp(-1.0, 1.0))
    }
}
