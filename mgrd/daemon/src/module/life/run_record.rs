//! What is known of the newest run of a module.

use std::sync::Arc;

use tokio::sync::watch;

use super::complaint::Complaint;
use super::evidence::Evidence;
use super::memory_warning::MemoryWarning;
use super::run_end::RunEnd;
use crate::module::process::{Confined, Process, StackSource, Usage};
use crate::module::session::SessionEnd;

/// The newest run of a module, and how the last one ended.
#[derive(Clone, Debug)]
pub(in crate::module) struct RunRecord {
    /// Its id; 0 if the module has never run.
    pub(super) id: u64,
    /// How its session ends, if it was asked to end.
    pub(super) asked: Option<SessionEnd>,
    /// How urgent its end is.
    pub(super) urgency: watch::Sender<Urgency>,
    /// Its process; 0 if there is none.
    pub(in crate::module) pid: i32,
    /// Microseconds since 1970-01-01 UTC of the last start of a process; 0 if there was none.
    pub(in crate::module) started_us: i64,
    /// Where the stacks of its process come from; none if there is no process.
    pub(in crate::module) stacks: Option<Arc<StackSource>>,
    /// None until the process is measured for the first time, a moment after its start.
    pub(in crate::module) usage: Option<Usage>,
    /// The limits of its process; none if there is no process.
    pub(in crate::module) confined: Option<Confined>,
    /// What an operator should know about its memory.
    pub(in crate::module) memory: Option<MemoryWarning>,
    /// What the watchdog complains about.
    pub(in crate::module) warning: Option<Complaint>,
    pub(in crate::module) last_end: Option<RunEnd>,
    pub(in crate::module) last_words: Vec<String>,
    /// The report of its last crash, if one was made.
    pub(in crate::module) last_crash: Option<String>,
    /// What it leaves behind for the report of its crash.
    pub(in crate::module) evidence: Evidence,
    /// The SDK that the last hello named.
    pub(in crate::module) sdk: String,
}

/// How urgent the end of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    None,
    /// Ask, then force.
    Stop,
    /// At once.
    Kill,
}

/// Waits until the end of the run is as urgent as `level`.
pub(super) async fn reaches(urgency: &mut watch::Receiver<Urgency>, level: Urgency) {
    // Without a sender, the urgency no longer changes.
    if urgency.wait_for(|urgency| *urgency >= level).await.is_err() {
        std::future::pending::<()>().await;
    }
}

impl Default for RunRecord {
    fn default() -> Self {
        Self {
            id: 0,
            asked: None,
            urgency: watch::Sender::new(Urgency::None),
            pid: 0,
            started_us: 0,
            stacks: None,
            usage: None,
            confined: None,
            memory: None,
            warning: None,
            last_end: None,
            last_words: Vec::new(),
            last_crash: None,
            evidence: Evidence::default(),
            sdk: String::new(),
        }
    }
}

impl RunRecord {
    /// Begins a new run. The receiver gets the urgency of its end.
    pub(super) fn begin(&mut self, id: u64) -> watch::Receiver<Urgency> {
        (self.id, self.asked) = (id, None);
        self.urgency = watch::Sender::new(Urgency::None);
        self.urgency.subscribe()
    }

    /// How the session of this run ends, if the run was asked to end.
    pub(super) fn asked(&self, run: u64) -> Option<SessionEnd> {
        self.asked.clone().filter(|_| self.id == run)
    }

    /// Makes the end of the run at least this urgent.
    pub(super) fn end(&self, at_least: Urgency) {
        self.urgency.send_if_modified(|urgency| {
            let more = *urgency < at_least;
            *urgency = (*urgency).max(at_least);
            more
        });
    }

    /// The process of the run has started.
    pub(super) fn process_started(&mut self, process: &Process) {
        self.pid = process.pid();
        self.confined = Some(process.confined().clone());
        self.stacks = Some(Arc::clone(process.stacks()));
        self.evidence = Evidence { log: process.recent_log(), ..Evidence::default() };
        self.started_us = jiff::Timestamp::now().as_microsecond();
        self.warning = None;
    }

    /// The watchdog complains about the run. It is logged when it begins, and not again and again.
    pub(super) fn warn(&mut self, module: &str, complaint: Complaint) {
        if self.warning.is_none() {
            tracing::warn!(
                module,
                "the module {complaint}; see what it does: mgrctl mgr module stacks {module}"
            );
        }
        self.warning = Some(complaint);
    }

    /// The process of the run has ended.
    pub(super) fn process_ended(&mut self, end: RunEnd, last_words: Vec<String>) {
        (self.pid, self.stacks, self.usage, self.warning) = (0, None, None, None);
        (self.confined, self.memory) = (None, None);
        (self.last_end, self.last_words) = (Some(end), last_words);
    }
}
