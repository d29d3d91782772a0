//! How long a module may take, and how often it may fail.

use std::time::Duration;

use crate::limits::limits;
use crate::seconds;

limits! {
    /// The limits of the life of a module.
    LifeLimits {
        /// How long a module may take from its start to saying ready.
        #[serde(with = "seconds")]
        start_timeout: Duration = Duration::from_secs(30),
        /// A start that takes so long is a health warning.
        #[serde(with = "seconds")]
        start_warning: Duration = Duration::from_secs(20),
        /// How far a module may push that time by asking for more.
        #[serde(with = "seconds")]
        start_timeout_max: Duration = Duration::from_secs(600),
        /// How long a module has to end after being asked to on its session.
        #[serde(with = "seconds")]
        shutdown_grace: Duration = Duration::from_secs(10),
        /// An end that takes so long is a health warning.
        #[serde(with = "seconds")]
        stop_warning: Duration = Duration::from_secs(5),
        /// How long a process may live on after its session ended.
        #[serde(with = "seconds")]
        session_end_grace: Duration = Duration::from_secs(5),
        /// How long calls under way wait, after the end of a session, for the end of its process. Its exit
        /// is the better reason for their errors.
        #[serde(with = "seconds")]
        exit_wait: Duration = Duration::from_millis(250),
        /// The delay before the second restart in a row; the first one after health is immediate.
        #[serde(with = "seconds")]
        backoff_first: Duration = Duration::from_millis(500),
        /// The longest delay between restarts.
        #[serde(with = "seconds")]
        backoff_max: Duration = Duration::from_secs(60),
        /// How long a module must run before its failures are forgotten.
        #[serde(with = "seconds")]
        healthy_after: Duration = Duration::from_secs(120),
        /// This many failures within `failure_window` mean failed.
        failure_limit: usize = 5,
        /// See `failure_limit`.
        #[serde(with = "seconds")]
        failure_window: Duration = Duration::from_secs(600),
        /// How often a failed module is tried again; none means never.
        #[serde(with = "seconds::or_never")]
        slow_retry: Option<Duration> = Some(Duration::from_secs(600)),
        /// How often a session is pinged.
        #[serde(with = "seconds")]
        ping_interval: Duration = Duration::from_secs(5),
        /// A ping unanswered for this long is a health warning.
        #[serde(with = "seconds")]
        ping_warning: Duration = Duration::from_secs(15),
        /// A ping unanswered for this long means a restart.
        #[serde(with = "seconds")]
        ping_restart: Duration = Duration::from_secs(60),
        /// A command, a remote call or a handler unfinished for this long is a health warning.
        #[serde(with = "seconds")]
        busy_warning: Duration = Duration::from_secs(60),
        /// One unfinished for this long means a restart; none means never.
        #[serde(with = "seconds::or_never")]
        busy_restart: Option<Duration> = Some(Duration::from_secs(3600)),
        /// How many modules are described at a time.
        describe_concurrency: u32 = 2,
        /// How long describing one module may take.
        #[serde(with = "seconds")]
        describe_timeout: Duration = Duration::from_secs(30),
    }
}

impl LifeLimits {
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
