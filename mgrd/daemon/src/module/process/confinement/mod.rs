//! The limits of a module's process, and what it and all that it starts use.
//!
//! 1. [`Confinement::prepare`] runs in `mgrd`, before the fork.
//! 2. [`Entry::enter`] runs in the child, between fork and exec.
//! 3. [`measure`], [`Confinement::exceeds`] and [`Confinement::apply`] serve while the
//!    process runs.
//!
//! To add a limit, add it to the table in `module_limits` and to [`ProcessLimits`], and a file to this
//! folder that keeps it.

mod autogroup;
mod entry;
mod exceeded;
mod fairness;
mod resources;
mod usage;

use std::io;
use std::sync::Arc;

use nix::libc::SIGKILL;
use parking_lot::Mutex;

use super::control_group::{Controllers, Counted, Group, new_group};
use super::exit::Exit;
use super::limits::ProcessLimits;
use super::out_of_memory::{OutOfMemory, oom_kills};
use super::tree::{Sample, Tree};
use crate::authority::Caller;
use crate::limits_reached::reached;
use crate::module_limits::Limit;
use autogroup::Niceness;
pub(super) use entry::Entry;
pub use exceeded::Exceeded;
use fairness::Fairness;
use resources::Resources;
use usage::Account;
pub use usage::Usage;

/// The confinement of one process. All that the process starts belongs to it.
#[derive(Debug)]
pub(super) struct Confinement {
    limits: ProcessLimits,
    entry: Entry,
    account: Account,
    fairness: Fairness,
    /// None if the kernel does not keep the limits of the process.
    group: Option<Arc<Group>>,
    /// What was measured last.
    last: Option<Usage>,
    /// How many processes and threads the kernel had not started by then.
    refused: u64,
    /// How many processes the kernel had killed by then because of a lack of memory.
    oom_kills: u64,
    /// Why `mgrd` killed it.
    exceeded: Option<Exceeded>,
}

/// A limit that a running process cannot get. It gets it when it starts again.
#[derive(Debug)]
pub(in crate::module) struct NotNow {
    /// The limit.
    pub(in crate::module) limit: Limit,
    /// What the system says.
    pub(in crate::module) why: io::Error,
}

/// What the tree of the process uses; none if that is not known. Call it with each new sample. The
/// lock is not held while the kernel counts a group, or looks at each page of a large process.
pub(super) fn measure(
    confinement: &Mutex<Confinement>,
    tree: &Tree,
    sample: &Sample,
) -> Option<Usage> {
    let processes = sample.of(tree.leader);
    let group = confinement.lock().group();
    let counted = group.map(|group| group.count(processes));
    let mut usage = confinement.lock().add_up(tree, sample, counted.as_ref());
    // A group counts nothing twice.
    let is_counted = counted.is_some_and(|counted| counted.memory.is_some());
    if !is_counted && processes.len() > 1 && confinement.lock().exceeds(&usage).is_some() {
        // Only then is it worth the time to find out what they share.
        let shared_once = usage::proportional(processes).unwrap_or(u64::MAX);
        usage.rss_bytes = usage.rss_bytes.min(shared_once);
    }
    confinement.lock().keep(usage)
}

impl Confinement {
    /// Makes the confinement for a process of a module that is about to start.
    pub(super) fn prepare(module: &str, limits: ProcessLimits) -> io::Result<Self> {
        let resources = Resources::new(limits.open_files, limits.memory)?;
        let of_session = Niceness::new(limits.nice);
        let entry = Entry { resources, nice: limits.nice, of_session };
        let (account, fairness) = (Account::default(), Fairness::default());
        let oom_kills = oom_kills();
        let group = new_group(module, &limits).map(Arc::new);
        let (last, refused, exceeded) = (None, 0, None);
        Ok(Self { limits, entry, account, fairness, group, last, refused, oom_kills, exceeded })
    }

    /// Takes the process into its control group, before its program runs.
    pub(super) fn admit(&mut self, tree: &Tree) {
        let group = self.group.as_mut().and_then(Arc::get_mut);
        if let Some(Err(why)) = group.map(|group| group.admit(tree.leader.pid)) {
            let module = &tree.module;
            tracing::warn!(
                module,
                "cannot move the module into its control group: {why}; mgrd itself keeps its limits until \
                 it starts again"
            );
            self.group = None;
        }
    }

    /// Its control group, if it has one.
    pub(super) fn group(&self) -> Option<Arc<Group>> {
        self.group.clone()
    }

    /// The controllers that keep its limits.
    pub(super) fn controllers(&self) -> Controllers {
        self.group.as_ref().map(|group| group.controllers()).unwrap_or_default()
    }

    /// What the child takes with it through the fork.
    pub(super) fn entry(&self) -> Entry {
        self.entry
    }

    /// Gives a running process other limits; its control group refused some of them. Blocks for some
    /// milliseconds.
    pub(super) fn apply(
        &mut self,
        limits: &ProcessLimits,
        processes: impl Fn() -> Vec<i32>,
        refused: Vec<(Limit, io::Error)>,
    ) -> Vec<NotNow> {
        let mut kept = *limits;
        let mut not_now = Vec::new();
        for (limit, why) in refused {
            match limit {
                Limit::Memory => kept.memory = self.limits.memory,
                Limit::Processes => kept.processes = self.limits.processes,
                _ => {}
            }
            not_now.push(NotNow { limit, why });
        }
        if let Err(why) = self.set_resources(limits, processes) {
            kept.open_files = self.limits.open_files;
            not_now.push(NotNow { limit: Limit::OpenFiles, why });
        }
        self.limits = kept;
        not_now
    }

    fn set_resources(
        &self,
        limits: &ProcessLimits,
        processes: impl Fn() -> Vec<i32>,
    ) -> io::Result<()> {
        if (limits.open_files, limits.memory) == (self.limits.open_files, self.limits.memory) {
            return Ok(());
        }
        let resources = Resources::new(limits.open_files, limits.memory)?;
        // The second look finds what was started meanwhile.
        for pid in processes().into_iter().chain(processes()) {
            match resources.set(pid) {
                // It has ended.
                Err(error) if error.raw_os_error() == Some(nix::libc::ESRCH) => {}
                other => other?,
            }
        }
        Ok(())
    }

    /// Adds up what the processes of a sample use. It also keeps busy threads from slowing down other
    /// processes. It blocks for some milliseconds.
    fn add_up(&mut self, tree: &Tree, sample: &Sample, counted: Option<&Counted>) -> Usage {
        let (usage, used) = self.account.add(sample.of(tree.leader));
        self.fairness.adjust(sample.began, &used, self.limits.nice);
        let Some(counted) = counted else { return usage };
        if counted.refused > self.refused {
            self.refused = counted.refused;
            reached(&Caller::module(&tree.module), "limits.module.processes");
        }
        usage.counted(counted)
    }

    /// Keeps what was measured; returns it, if it is known.
    fn keep(&mut self, usage: Usage) -> Option<Usage> {
        self.oom_kills = oom_kills();
        let usage = (usage.rss_bytes > 0).then_some(usage);
        self.last = usage.or(self.last);
        usage
    }

    /// The limit that this usage exceeds.
    pub(super) fn exceeds(&self, usage: &Usage) -> Option<Exceeded> {
        if let Some(limit) = self.limits.memory.filter(|limit| usage.rss_bytes > *limit) {
            return Some(Exceeded::Memory { used: usage.rss_bytes >> 20, limit: limit >> 20 });
        }
        let limit = self.limits.processes.filter(|limit| usage.tasks > *limit)?;
        Some(Exceeded::Processes { count: usage.tasks, limit })
    }

    /// It is killed because of this.
    pub(super) fn ends_because(&mut self, exceeded: Exceeded) {
        self.exceeded = Some(exceeded);
    }

    /// How it really ended.
    pub(super) fn explain(&self, exit: Exit, last_words: &[String]) -> Exit {
        if let Some(exceeded) = self.exceeded {
            return Exit::Exceeded(exceeded);
        }
        let limit = self.limits.memory;
        let group = self.group.as_deref();
        if let (Exit::Signal(SIGKILL), Some(limit)) = (exit, limit)
            && let Some(peak) = group.and_then(Group::killed_at_limit)
        {
            let used = peak.max(self.last.map_or(0, |usage| usage.rss_bytes)) >> 20;
            return Exit::OutOfMemory(OutOfMemory::AtLimit { used, limit: limit >> 20 });
        }
        let kernel_killed = group.and_then(Group::kernel_killed);
        let kernel_killed = kernel_killed.unwrap_or_else(|| oom_kills() > self.oom_kills);
        let found = OutOfMemory::found(exit, last_words, kernel_killed, self.last, limit);
        found.map_or(exit, Exit::OutOfMemory)
    }

    /// Gives up its control group, so that the group can be removed. Call it when all has ended.
    pub(super) fn leave(&mut self) -> Option<Arc<Group>> {
        self.group.take()
    }

    /// Its limits as they are kept now.
    pub(super) fn limits(&self) -> ProcessLimits {
        self.limits
    }
}

#[cfg(test)]
mod tests;
