//! The limits of a module's process, and what it and all that it starts use.
//!
//! 1. [`Confinement::prepare`] runs in `mgrd`, before the fork.
//! 2. [`Entry::enter`] runs in the child, between fork and exec.
//! 3. [`measure`], [`Confinement::exceeds`] and [`Confinement::apply`] serve while the
//!    process runs.
//!
//! To add a limit, add it to the table in `module_limits` and to [`ProcessLimits`], and a file to this
//! folder that keeps it.

mod entry;
mod exceeded;
mod fairness;
mod resources;
mod usage;

use std::io;

use parking_lot::Mutex;

use super::exit::Exit;
use super::limits::ProcessLimits;
use super::out_of_memory::{OutOfMemory, oom_kills};
use super::tree::{Sample, Stat, Tree};
use crate::module_limits::Limit;
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
    /// What was measured last.
    last: Option<Usage>,
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
/// lock is not held while the kernel looks at each page of a large process.
pub(super) fn measure(
    confinement: &Mutex<Confinement>,
    tree: &Tree,
    sample: &Sample,
) -> Option<Usage> {
    let processes = sample.of(tree.leader);
    let mut usage = confinement.lock().add_up(processes, sample);
    if processes.len() > 1 && confinement.lock().exceeds(&usage).is_some() {
        // Only then is it worth the time to find out what they share.
        let shared_once = usage::proportional(processes).unwrap_or(u64::MAX);
        usage.rss_bytes = usage.rss_bytes.min(shared_once);
    }
    confinement.lock().keep(usage)
}

impl Confinement {
    /// Makes the confinement for a process that is about to start.
    pub(super) fn prepare(limits: ProcessLimits) -> io::Result<Self> {
        let resources = Resources::new(limits.open_files, limits.memory)?;
        let entry = Entry { resources, nice: limits.nice };
        let (account, fairness) = (Account::default(), Fairness::default());
        let oom_kills = oom_kills();
        Ok(Self { limits, entry, account, fairness, last: None, oom_kills, exceeded: None })
    }

    /// What the child takes with it through the fork.
    pub(super) fn entry(&self) -> Entry {
        self.entry
    }

    /// Gives a running process other limits. Blocks for some milliseconds.
    pub(super) fn apply(
        &mut self,
        limits: &ProcessLimits,
        processes: impl Fn() -> Vec<i32>,
    ) -> Vec<NotNow> {
        let mut kept = *limits;
        let mut not_now = Vec::new();
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
    fn add_up(&mut self, processes: &[Stat], sample: &Sample) -> Usage {
        let (usage, used) = self.account.add(processes);
        self.fairness.adjust(sample.began, &used);
        usage
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
        let kernel_killed = oom_kills() > self.oom_kills;
        let limit = self.limits.memory;
        let found = OutOfMemory::found(exit, last_words, kernel_killed, self.last, limit);
        found.map_or(exit, Exit::OutOfMemory)
    }

    /// Its limits as they are kept now.
    pub(super) fn limits(&self) -> ProcessLimits {
        self.limits
    }
}

#[cfg(test)]
mod tests;
