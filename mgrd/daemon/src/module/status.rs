//! The state of modules as listings and health show it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::declaration::Declaration;
use super::life::{Module, ModuleState};
use super::process::Usage;

/// A module as listings show it.
#[derive(Clone, Debug, Default)]
pub struct ModuleStatus {
    /// Its name.
    pub name: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// Where it is in its life.
    pub state: ModuleState,
    /// Why; may be empty.
    pub reason: String,
    /// Its process; 0 if there is none.
    pub pid: u32,
    /// Microseconds since 1970-01-01 UTC of its last start; 0 if never.
    pub started_us: i64,
    /// Restarts after failures since it was enabled or restarted by hand.
    pub restarts: u32,
    /// Until the next try.
    pub next_try: Option<Duration>,
    /// Memory and processor time.
    pub usage: Usage,
    /// Waiting messages.
    pub queued: usize,
    /// Commands and calls under way.
    pub in_flight: usize,
    /// How its last process ended; empty if none did.
    pub last_exit: String,
    /// The last lines that it wrote to stderr before it ended.
    pub last_words: Vec<String>,
    /// What runs it.
    pub runtime: String,
    /// The SDK it said hello with.
    pub sdk: String,
    /// Its folder.
    pub path: PathBuf,
    /// Whether it can run, as far as it is known.
    pub can_run: bool,
    /// Why not.
    pub can_run_error: String,
    /// What the watchdog complains about: unanswered pings or a handler that takes long.
    pub warning: Option<String>,
    /// Whether it failed and was restarted lately.
    pub unstable: bool,
}

/// What a module offers, and whether it is enabled.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Which.
    pub module: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// What it offers; none until that is known, or if it cannot be loaded.
    pub declaration: Option<Arc<Declaration>>,
    /// Why it cannot be loaded; empty if it can.
    pub error: String,
}

/// Something about a module that an operator should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The health check it belongs to.
    pub code: &'static str,
    /// An error, or a warning.
    pub error: bool,
    /// Which module.
    pub module: String,
    /// One line.
    pub summary: String,
    /// More lines: the last exit and the last lines of stderr.
    pub detail: Vec<String>,
}

impl ModuleStatus {
    /// A snapshot of a module as it is now.
    pub(super) fn of(module: &Module) -> Self {
        let life = module.life();
        let run = module.run.lock().clone();
        let session = module.session.lock().clone();
        let cannot_run = module.cannot_run();
        let exec = module.manifest().map(|manifest| manifest.exec.join(" "));
        let until = |at: Instant| at.saturating_duration_since(Instant::now());
        Self {
            name: module.name.clone(),
            enabled: module.is_enabled(),
            state: life.state(),
            reason: life.reason().to_owned(),
            pid: run.pid.unsigned_abs(),
            started_us: run.started_us,
            restarts: life.restarts,
            next_try: life.next_try().map(until),
            usage: run.usage,
            queued: session.as_ref().map_or(0, |session| session.outbox.len()),
            in_flight: session.as_ref().map_or(0, |session| session.in_flight()),
            last_exit: run.last_exit.map(|exit| exit.to_string()).unwrap_or_default(),
            last_words: run.last_words,
            runtime: exec.unwrap_or_default(),
            sdk: run.sdk,
            path: module.folder.clone(),
            can_run: cannot_run.is_none(),
            can_run_error: cannot_run.unwrap_or_default(),
            warning: run.warning,
            unstable: life.is_unstable(),
        }
    }

    /// What an operator should know about it.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        let name = &self.name;
        let (code, error, summary) = match self.state {
            ModuleState::CannotRun => (
                "MGR_MODULE_DEPENDENCY",
                false,
                format!("Module '{name}' has failed dependency: {}", self.reason),
            ),
            ModuleState::Failed | ModuleState::Degraded => {
                ("MGR_MODULE_ERROR", true, format!("Module '{name}' has failed: {}", self.reason))
            }
            ModuleState::Backoff => (
                "MGR_MODULE_UNSTABLE",
                false,
                format!("Module '{name}' is being restarted: {}", self.reason),
            ),
            _ => match &self.warning {
                Some(warning) => ("MGR_MODULE_STUCK", false, format!("Module '{name}' {warning}")),
                None if self.unstable => (
                    "MGR_MODULE_UNSTABLE",
                    false,
                    format!("Module '{name}' was restarted: {}", self.last_exit),
                ),
                None => return None,
            },
        };
        let words = self.last_words.iter().map(|line| format!("stderr: {line}"));
        let is_new = !self.last_exit.is_empty() && !summary.contains(&self.last_exit);
        let exit = is_new.then(|| format!("last exit: {}", self.last_exit));
        let detail = exit.into_iter().chain(words).collect();
        Some(Problem { code, error, module: name.clone(), summary, detail })
    }
}
