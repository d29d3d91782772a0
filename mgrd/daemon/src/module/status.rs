//! The state of modules as listings and health show it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::commands::Commands;
use super::declaration::Declaration;
use super::life::{Complaint, MemoryWarning, Module, ModuleState, Reason, RunEnd};
use super::process::{Confined, Controllers, Usage};
use super::sandbox::Sandbox;
use crate::text::visible;

/// A module as listings show it.
#[derive(Clone, Debug, Default)]
pub struct ModuleStatus {
    /// Its name.
    pub name: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// The user that is set for it; none if it runs as the user of `mgrd`.
    pub run_as: Option<String>,
    /// The walls around it.
    pub sandbox: Sandbox,
    /// Where it is in its life.
    pub state: ModuleState,
    /// Why it is in that state, if there is more to say than the state itself.
    pub reason: Option<Arc<Reason>>,
    /// Its process; 0 if there is none.
    pub pid: u32,
    /// Microseconds since 1970-01-01 UTC of its last start; 0 if never.
    pub started_us: i64,
    /// Restarts after failures since it was enabled or restarted by hand.
    pub restarts: u32,
    /// Until the next try.
    pub next_try: Option<Duration>,
    /// Memory and processor time; none if there is no process, or it has not been measured yet.
    pub usage: Option<Usage>,
    /// The controllers of its control group, which keep its limits; none if there is no process.
    pub controllers: Option<Controllers>,
    /// Waiting messages.
    pub queued: usize,
    /// Commands and calls under way.
    pub in_flight: usize,
    /// How its last run ended, if one did.
    pub last_end: Option<RunEnd>,
    /// The last lines that it wrote to stderr before it ended.
    pub last_words: Vec<String>,
    /// The id of the report of its last crash, if there was one since mgrd started.
    pub last_crash: Option<String>,
    /// What runs it.
    pub runtime: String,
    /// The SDK it said hello with.
    pub sdk: String,
    /// Its folder.
    pub path: PathBuf,
    /// Why it cannot run, if that is known.
    pub cannot_run: Option<Arc<Reason>>,
    /// What the watchdog complains about: unanswered pings or a handler that takes long.
    pub warning: Option<Complaint>,
    /// What to know about its memory.
    pub memory: Option<MemoryWarning>,
    /// Whether it failed and was restarted lately.
    pub unstable: bool,
}

/// What a module offers, and whether it is enabled.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The module.
    pub module: String,
    /// Whether it is enabled.
    pub enabled: bool,
    /// What it offers; none until that is known, or if it cannot be loaded.
    pub declaration: Option<Arc<Declaration>>,
    /// Its commands, as they were read when the declaration arrived.
    pub commands: Arc<Commands>,
    /// Why it cannot be loaded, if it cannot.
    pub error: Option<Arc<Reason>>,
}

/// Something about a module that an operator should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of problem it is. Each kind has its own health check.
    pub kind: ProblemKind,
    /// The module.
    pub module: String,
    /// One line.
    pub summary: String,
    /// More lines: how its last run ended, the last lines of stderr, and the report of the crash.
    pub detail: Vec<String>,
}

/// The kinds of problems, in the order of the codes of their health checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProblemKind {
    /// It cannot run here.
    CannotRun,
    /// It failed, or its main work did.
    Failed,
    /// It does not answer in time.
    Stuck,
    /// It failed and was, or is being, restarted, or its start was postponed.
    Unstable,
    /// It uses almost as much memory as it may, or more and more.
    Memory,
}

impl ProblemKind {
    /// The code of its health check.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CannotRun => "MGR_MODULE_DEPENDENCY",
            Self::Failed => "MGR_MODULE_ERROR",
            Self::Stuck => "MGR_MODULE_STUCK",
            Self::Unstable => "MGR_MODULE_UNSTABLE",
            Self::Memory => "MGR_MODULE_MEMORY",
        }
    }

    /// Whether it is an error, or else a warning.
    #[must_use]
    pub fn is_error(self) -> bool {
        self == Self::Failed
    }

    /// What several modules with this problem do, as the end of a sentence.
    #[must_use]
    pub fn plural(self) -> &'static str {
        match self {
            Self::CannotRun => "have failed dependencies",
            Self::Failed => "have failed",
            Self::Stuck => "do not answer in time",
            Self::Unstable => "failed, or could not be started, and are tried again",
            Self::Memory => "use almost as much memory as they may, or more and more",
        }
    }
}

impl ModuleStatus {
    /// A snapshot of a module as it is now.
    pub(super) fn of(module: &Module) -> Self {
        let life = module.life();
        let run = module.run.lock().clone();
        let session = module.session.lock().clone();
        let exec = module.manifest().map(|manifest| visible(&manifest.exec.join(" ")));
        let until = |at: Instant| at.saturating_duration_since(Instant::now());
        Self {
            name: module.name.clone(),
            enabled: module.is_enabled(),
            run_as: None,
            sandbox: Sandbox::default(),
            state: life.state(),
            reason: life.reason().cloned(),
            pid: run.pid.unsigned_abs(),
            started_us: run.started_us,
            restarts: life.restarts,
            next_try: life.next_try().map(until),
            controllers: run.confined.as_ref().map(Confined::controllers),
            usage: run.usage.or_else(|| Usage::of(Some(run.pid).filter(|&pid| pid != 0)?)),
            queued: session.as_ref().map_or(0, |session| session.outbox.len()),
            in_flight: session.as_ref().map_or(0, |session| session.in_flight()),
            last_end: run.last_end,
            last_words: run.last_words,
            last_crash: run.last_crash,
            runtime: exec.unwrap_or_default(),
            sdk: run.sdk,
            path: module.folder.clone(),
            cannot_run: module.cannot_run(),
            warning: run.warning,
            memory: run.memory,
            unstable: life.is_unstable(),
        }
    }

    /// A module that is enabled although the module path has no folder for it, with its name.
    pub(super) fn absent(name: String) -> (String, Self) {
        let reason = Some(Arc::new(Reason::NoFolder));
        let status = Self {
            name: name.clone(),
            enabled: true,
            state: ModuleState::Absent,
            reason,
            ..Self::default()
        };
        (name, status)
    }

    /// Why it is in its state, as a text. Empty if there is no more to say than the state itself.
    #[must_use]
    pub fn reason_text(&self) -> String {
        self.reason.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// How its last run ended, as a text. Empty if none did.
    #[must_use]
    pub fn last_end_text(&self) -> String {
        self.last_end.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    /// All that an operator should know about it.
    pub fn problems(&self) -> impl Iterator<Item = Problem> {
        let memory = self.memory.map(|warning| Problem {
            kind: ProblemKind::Memory,
            module: self.name.clone(),
            summary: format!("Module '{}' {warning}", self.name),
            detail: vec![warning.advice(&self.name)],
        });
        self.problem().into_iter().chain(memory)
    }

    /// What keeps it from its work, or did.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        let name = &self.name;
        let reason = self.reason_text();
        let named = self.reason.as_ref().and_then(|reason| reason.run_end());
        let (kind, named, summary) = match (self.state, &self.warning) {
            (ModuleState::CannotRun, _) => (
                ProblemKind::CannotRun,
                named,
                match self.reason.as_ref().is_some_and(|reason| reason.is_its_own()) {
                    true => format!("Module '{name}' has failed dependency: {reason}"),
                    false => format!("Module '{name}' cannot be loaded: {reason}"),
                },
            ),
            (ModuleState::Absent, _) => (
                ProblemKind::CannotRun,
                named,
                format!("Module '{name}' cannot be loaded: {reason}"),
            ),
            (ModuleState::Backoff, _) if named.is_some_and(RunEnd::is_postponed) => {
                (ProblemKind::Unstable, named, format!("Module '{name}' {reason}"))
            }
            (ModuleState::Failed | ModuleState::Degraded, _) => {
                (ProblemKind::Failed, named, format!("Module '{name}' has failed: {reason}"))
            }
            (ModuleState::Backoff, _) => (
                ProblemKind::Unstable,
                named,
                format!("Module '{name}' is being restarted: {reason}"),
            ),
            (_, Some(warning)) => (ProblemKind::Stuck, None, format!("Module '{name}' {warning}")),
            (_, None) if self.unstable => (
                ProblemKind::Unstable,
                self.last_end.as_ref(),
                format!("Module '{name}' was restarted: {}", self.last_end_text()),
            ),
            _ => return None,
        };
        let detail = match kind {
            // The end of an earlier run is no reason for what this one does.
            ProblemKind::Stuck => {
                vec![format!("see what it does: mgrctl mgr module stacks {name}")]
            }
            _ if self.state == ModuleState::Absent => vec![format!(
                "install it in the module path, or disable it: mgrctl mgr module disable {name}"
            )],
            _ => self.detail(named),
        };
        Some(Problem { kind, module: name.clone(), summary, detail })
    }

    /// How its last run ended, unless that is the end which is `named` already, its last words, and
    /// where the report of its last crash is.
    fn detail(&self, named: Option<&RunEnd>) -> Vec<String> {
        let other = |end: &&RunEnd| !named.is_some_and(|named| named.is_same(end));
        let end = self.last_end.as_ref().filter(other).map(|end| format!("last exit: {end}"));
        let words = self.last_words.iter().map(|line| format!("stderr: {line}"));
        let crash = self.last_crash.iter().map(|id| format!("report: mgrctl mgr crash info {id}"));
        end.into_iter().chain(words).chain(crash).collect()
    }
}
