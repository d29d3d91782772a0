//! The limits of a module's process, and what it and all that it starts use.
//!
//! 1. [`Confinement::prepare`] runs in `mgrd`, before the fork.
//! 2. [`Entry::enter`] runs in the child, between fork and exec.
//! 3. [`Confinement::measure`] and [`Confinement::exceeds`] serve while the process runs.
//!
//! To add a limit, such as a control group or another user, add a field to [`ResourceLimits`], and
//! a file to this folder that keeps it.

mod entry;
mod fairness;
mod limits;
mod usage;

use super::tree::{Sample, Tree};
use crate::descriptors;
pub(super) use entry::Entry;
use fairness::Fairness;
pub use limits::{Exceeded, LimitError, ResourceLimits};
use usage::Account;
pub use usage::Usage;

/// The confinement of one process. All that the process starts belongs to it.
#[derive(Debug)]
pub(super) struct Confinement {
    limits: ResourceLimits,
    entry: Entry,
    account: Account,
    fairness: Fairness,
}

impl Confinement {
    /// Makes the confinement for a process that is about to start.
    pub(super) fn prepare(limits: ResourceLimits, nice: i32) -> Self {
        let inherited_open_files = descriptors::inherited();
        let entry = Entry { open_files: limits.open_files, inherited_open_files, nice };
        let (account, fairness) = (Account::default(), Fairness::default());
        Self { limits, entry, account, fairness }
    }

    /// What the child takes with it through the fork.
    pub(super) fn entry(&self) -> Entry {
        self.entry
    }

    /// What the tree of the process uses; none if that is not known. Call it with each new sample: it
    /// also keeps busy threads from slowing down other processes. It blocks for some milliseconds.
    pub(super) fn measure(&mut self, tree: &Tree, sample: &Sample) -> Option<Usage> {
        let processes = sample.of(tree.leader);
        let (mut usage, used) = self.account.add(processes);
        self.fairness.adjust(sample.began, &used);
        if processes.len() > 1 && self.exceeds(&usage).is_some() {
            // Only then is it worth the time to find out what they share.
            let shared_once = usage::proportional(processes).unwrap_or(u64::MAX);
            usage.rss_bytes = usage.rss_bytes.min(shared_once);
        }
        (usage.rss_bytes > 0).then_some(usage)
    }

    /// The limit that this usage exceeds.
    pub(super) fn exceeds(&self, usage: &Usage) -> Option<Exceeded> {
        let limit = self.limits.memory_mb?;
        if usage.rss_bytes <= limit.saturating_mul(1 << 20) {
            return None;
        }
        Some(Exceeded::Memory { used: usage.rss_bytes >> 20, limit })
    }
}

#[cfg(test)]
mod tests;
