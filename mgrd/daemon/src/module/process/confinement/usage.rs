//! What a module uses, as the kernel counts it.

use std::collections::HashMap;
use std::time::Duration;

use crate::module::process::control_group::Counted;
use crate::module::process::tree::{ProcessId, Stat};

/// Memory, processor time and tasks of a module process and all that it started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Resident memory, in bytes.
    pub rss_bytes: u64,
    /// Processor time since its start.
    pub cpu: Duration,
    /// Processes and threads.
    pub tasks: u64,
}

impl Usage {
    /// What process `pid` alone uses; none if there is no such process, or it has only begun.
    pub(in crate::module) fn of(pid: i32) -> Option<Self> {
        let Stat { rss_bytes, cpu, threads: tasks, .. } = Stat::read(pid)?;
        (rss_bytes > 0).then_some(Self { rss_bytes, cpu, tasks })
    }

    /// This usage, with what the kernel counts where it does, and with what is elsewhere.
    pub(super) fn counted(self, counted: &Counted) -> Self {
        let outside = |figure: fn(&Stat) -> u64| counted.outside.iter().map(figure).sum::<u64>();
        let memory = counted.memory.map(|bytes| bytes + outside(|stat| stat.rss_bytes));
        let tasks = counted.tasks.map(|tasks| tasks + outside(|stat| stat.threads));
        Self {
            rss_bytes: memory.unwrap_or(self.rss_bytes),
            // What it computed elsewhere is not in that of the group.
            cpu: counted.cpu.unwrap_or_default().max(self.cpu),
            tasks: tasks.unwrap_or(self.tasks),
        }
    }
}

/// Adds up what the processes of a tree use, those that have ended included.
#[derive(Debug, Default)]
pub(super) struct Account {
    cpu: Duration,
    processes: HashMap<ProcessId, Duration>,
}

impl Account {
    /// Takes over a measurement. Returns the sums, and what each process has computed since the last.
    pub(super) fn add(&mut self, processes: &[Stat]) -> (Usage, Vec<(ProcessId, Duration)>) {
        let before = |id| self.processes.get(&id).copied().unwrap_or_default();
        let used: Vec<_> = processes
            .iter()
            .map(|stat| (stat.id, stat.cpu.saturating_sub(before(stat.id))))
            .collect();
        self.cpu += used.iter().map(|(_, used)| *used).sum::<Duration>();
        self.processes = processes.iter().map(|stat| (stat.id, stat.cpu)).collect();
        let rss_bytes = processes.iter().map(|stat| stat.rss_bytes).sum();
        let tasks = processes.iter().map(|stat| stat.threads).sum();
        (Usage { rss_bytes, cpu: self.cpu, tasks }, used)
    }
}

/// The memory of processes without counting twice what they share; none if the kernel does not tell.
/// It looks at each page, so it takes some milliseconds for a large process.
pub(super) fn proportional(processes: &[Stat]) -> Option<u64> {
    let pss = |stat: &Stat| {
        let text = std::fs::read_to_string(format!("/proc/{}/smaps_rollup", stat.id.pid)).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib << 10)
    };
    processes.iter().map(pss).sum()
}

#[cfg(test)]
mod tests;
