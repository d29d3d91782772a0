//! A run of a module that ended unexpectedly.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::life::Reason;
use super::process::{Exit, ProcessLimits, Usage};
use super::recent_log::LogLine;
use super::session::UnderWay;

/// A run of a module that ended unexpectedly, with all that is known of it.
#[derive(Clone, Debug)]
pub struct CrashedRun {
    /// The id of its report: the time and a unique text.
    pub id: String,
    /// The module.
    pub module: String,
    /// When its process had ended.
    pub at: Timestamp,
    /// Why it ended, as the supervisor sees it.
    pub reason: Arc<Reason>,
    /// How its process ended.
    pub exit: Exit,
    /// Whether the kernel wrote a core dump.
    pub core_dumped: bool,
    /// How long its process lived.
    pub uptime: Duration,
    /// Its process.
    pub pid: i32,
    /// The program and its arguments.
    pub program: Vec<String>,
    /// The SDK that its hello named; empty if there was no hello.
    pub sdk: String,
    /// The digest of its folder after the crash. None if the folder cannot be read.
    pub fingerprint: Option<String>,
    /// The limits of its process. None if it had no confinement.
    pub limits: Option<ProcessLimits>,
    /// What it used when it was measured last.
    pub usage: Option<Usage>,
    /// The commands and remote calls that it had not answered.
    pub under_way: Vec<UnderWay>,
    /// What it wrote and logged last.
    pub log: Vec<LogLine>,
    /// Further texts, each with its title.
    pub texts: Vec<(&'static str, String)>,
}
