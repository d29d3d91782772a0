//! The limits of a module's process, and control over the process and all that it starts.
//!
//! A confinement lives from before the start of a process until after its end:
//!
//! 1. [`Confinement::prepare`] runs in `mgrd`, before the fork.
//! 2. [`Entry::enter`] runs in the child, between fork and exec.
//! 3. [`Confinement::measure`] and [`Confinement::signal`] serve while the process runs.
//! 4. [`Confinement::remove`] ends what is left.
//!
//! To add a limit, such as a control group or another user, add a field to [`ResourceLimits`], and
//! a file to this folder that keeps it.

mod entry;
mod fairness;
mod limits;
mod usage;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

pub(super) use entry::Entry;
use fairness::Fairness;
pub use limits::{Exceeded, LimitError, ResourceLimits};
pub use usage::Usage;

/// The confinement of one process. All that the process starts belongs to it, as long as it stays
/// in the process group.
#[derive(Debug)]
pub(super) struct Confinement {
    limits: ResourceLimits,
    entry: Entry,
    /// The process, which leads its own group; none before it is started.
    leader: Option<Pid>,
    fairness: Fairness,
}

impl Confinement {
    /// Makes the confinement for a process that is about to start.
    pub(super) fn prepare(limits: ResourceLimits, nice: i32) -> Self {
        let entry = Entry { open_files: limits.open_files, nice };
        Self { limits, entry, leader: None, fairness: Fairness::default() }
    }

    /// What the child takes with it through the fork.
    pub(super) fn entry(&self) -> Entry {
        self.entry
    }

    /// The process has started, as the leader of its group.
    pub(super) fn started(&mut self, leader: Pid) {
        self.leader = Some(leader);
    }

    /// What the process uses now; none if that is not known. Call it about once a second: it also
    /// keeps busy threads from slowing down other processes.
    pub(super) fn measure(&mut self) -> Option<Usage> {
        let pid = self.leader?.as_raw();
        let usage = Usage::of(pid)?;
        self.fairness.adjust(pid, usage.cpu);
        Some(usage)
    }

    /// The limit that this usage exceeds.
    pub(super) fn exceeds(&self, usage: &Usage) -> Option<Exceeded> {
        let limit = self.limits.memory_mb?;
        if usage.rss_bytes <= limit.saturating_mul(1 << 20) {
            return None;
        }
        Some(Exceeded::Memory { used: usage.rss_bytes >> 20, limit })
    }

    /// Signals the process and all that it started. Only while the process is not reaped: after
    /// that, its number may belong to another.
    pub(super) fn signal(&self, signal: Signal) {
        if let Some(leader) = self.leader {
            // There is no process left to signal if this fails.
            let _ = killpg(leader, signal);
        }
    }

    /// Kills what is left of the process and all that it started. Call it before the process is
    /// reaped.
    pub(super) fn remove(&mut self) {
        self.signal(Signal::SIGKILL);
        self.leader = None;
    }
}

#[cfg(test)]
mod tests;
