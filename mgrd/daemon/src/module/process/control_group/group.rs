//! The control group of one run of a module.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use parking_lot::Mutex;

use super::folder::{end_members, members, read, remove, write};
use super::place::own_path;
use super::values::{number, quota, value};
use crate::module::process::limits::ProcessLimits;
use crate::module::process::tree::Stat;
use crate::module_limits::Limit;

/// Bytes of the name of a module in the name of its group.
const NAME_BYTES: usize = 64;

/// The controllers that a group has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Controllers {
    /// Keeps `cpu` and `cpu_weight`.
    pub cpu: bool,
    /// Keeps `memory`.
    pub memory: bool,
    /// Keeps `processes`.
    pub pids: bool,
}

impl Controllers {
    /// From the names that a file lists.
    pub(super) fn read(names: &str) -> Self {
        let has = |name| names.split_whitespace().any(|listed| listed == name);
        Self { cpu: has("cpu"), memory: has("memory"), pids: has("pids") }
    }

    /// Whether one of them keeps this limit.
    #[must_use]
    pub fn keep(self, limit: Limit) -> bool {
        match limit {
            Limit::Cpu | Limit::CpuWeight => self.cpu,
            Limit::Memory => self.memory,
            Limit::Processes => self.pids,
            _ => false,
        }
    }
}

impl fmt::Display for Controllers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = [("cpu", self.cpu), ("memory", self.memory), ("pids", self.pids)];
        let names: Vec<_> = all.iter().filter(|(_, has)| *has).map(|(name, _)| *name).collect();
        f.write_str(&names.join(", "))
    }
}

/// A group with all that a run of a module starts. Dropping it ends what is in it and removes it.
#[derive(Debug)]
pub(in crate::module::process) struct Group {
    folder: PathBuf,
    controllers: Controllers,
    /// Its path, as `/proc` shows it.
    path: String,
}

/// What the kernel counts in a group.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::module::process) struct Counted {
    /// Memory that cannot be taken back by forgetting what is in files.
    pub(in crate::module::process) memory: Option<u64>,
    /// Processor time of all that was ever in it.
    pub(in crate::module::process) cpu: Option<Duration>,
    /// Processes and threads.
    pub(in crate::module::process) tasks: Option<u64>,
    /// How often a process or thread was not started because of the limit `processes`.
    pub(in crate::module::process) refused: u64,
    /// Processes of the module that are in other groups.
    pub(in crate::module::process) outside: Vec<Stat>,
}

/// Groups that could not be removed yet.
static LEFT: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

impl Group {
    /// Makes a group with these limits. Its name is that of no other.
    pub(super) fn make(
        folder: &Path,
        number: u64,
        module: &str,
        controllers: Controllers,
        limits: &ProcessLimits,
    ) -> io::Result<Self> {
        remove_left();
        let folder = folder.join(name(number, module));
        std::fs::create_dir(&folder)?;
        let mut group = Self { folder, controllers, path: String::new() };
        for (limit, why) in group.set(limits) {
            let lost = match limit {
                Limit::Memory => &mut group.controllers.memory,
                Limit::Processes => &mut group.controllers.pids,
                _ => &mut group.controllers.cpu,
            };
            *lost = false;
            tracing::warn!(module, "the control group of the module does not take {limit}: {why}");
        }
        // Kernels before 4.19 do not have it.
        let _ = write(&group.folder, "memory.oom.group", "1");
        // A kernel without swap does not have it.
        let _ = write(&group.folder, "memory.swap.max", "0");
        let _ = write(&group.folder, "cgroup.max.descendants", "256");
        Ok(group)
    }

    /// Gives the group other limits. Returns those that the kernel refuses. To take memory away may need
    /// time.
    pub(in crate::module::process) fn set(
        &self,
        limits: &ProcessLimits,
    ) -> Vec<(Limit, io::Error)> {
        let Controllers { cpu, memory, pids } = self.controllers;
        let weight = limits.cpu_weight.unwrap_or(100).to_string();
        let files = [
            (pids, Limit::Processes, "pids.max", number(limits.processes)),
            (cpu, Limit::Cpu, "cpu.max", quota(limits.cpu)),
            (cpu, Limit::CpuWeight, "cpu.weight", weight),
            (memory, Limit::Memory, "memory.max", number(limits.memory)),
        ];
        let kept = files.into_iter().filter(|(has, ..)| *has);
        let set = |(_, limit, file, text): (_, _, _, String)| {
            write(&self.folder, file, &text).err().map(|why| (limit, why))
        };
        kept.filter_map(set).collect()
    }

    /// The controllers that keep its limits.
    pub(in crate::module::process) fn controllers(&self) -> Controllers {
        self.controllers
    }

    /// Moves the first process into it.
    pub(in crate::module::process) fn admit(&mut self, pid: i32) -> io::Result<()> {
        write(&self.folder, "cgroup.procs", &pid.to_string())?;
        let groups = std::fs::read_to_string(format!("/proc/{pid}/cgroup"))?;
        own_path(&groups).unwrap_or_default().clone_into(&mut self.path);
        Ok(())
    }

    /// What the kernel counts. Of these processes of the module, those that are elsewhere are moved back.
    pub(in crate::module::process) fn count(&self, processes: &[Stat]) -> Counted {
        let Controllers { memory, pids, .. } = self.controllers;
        let figure = |file| read(&self.folder, file).ok()?.trim().parse::<u64>().ok();
        let stat = read(&self.folder, "cpu.stat").unwrap_or_default();
        let events = read(&self.folder, "pids.events").unwrap_or_default();
        let outside = self.outside(processes);
        for stat in &outside {
            // What it took is counted where it was.
            let _ = write(&self.folder, "cgroup.procs", &stat.id.pid.to_string());
        }
        Counted {
            memory: memory.then(|| self.memory()).flatten(),
            cpu: value(&stat, "usage_usec").map(Duration::from_micros),
            tasks: pids.then(|| figure("pids.current")).flatten(),
            refused: value(&events, "max").unwrap_or_default(),
            outside,
        }
    }

    /// Files that were read stay in memory until it is needed. That is no reason to worry.
    fn memory(&self) -> Option<u64> {
        let current = read(&self.folder, "memory.current").ok()?.trim().parse::<u64>().ok()?;
        let stat = read(&self.folder, "memory.stat").unwrap_or_default();
        let files = ["active_file", "inactive_file"];
        let files = files.iter().filter_map(|key| value(&stat, key)).fold(0, u64::saturating_add);
        Some(current.saturating_sub(files))
    }

    fn outside(&self, processes: &[Stat]) -> Vec<Stat> {
        let Ok(inside) = members(&self.folder) else { return Vec::new() };
        let is_outside = |stat: &&Stat| {
            let pid = stat.id.pid;
            // It may be in a group in this one, or have ended.
            !inside.contains(&pid)
                && std::fs::read_to_string(format!("/proc/{pid}/cgroup"))
                    .is_ok_and(|groups| own_path(&groups).is_some_and(|path| !self.has(path)))
        };
        processes.iter().filter(is_outside).copied().collect()
    }

    /// Whether the group with this path is this one, or in it.
    fn has(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.path.as_str());
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }

    /// The most memory that was used, if the kernel killed what was in it at its limit.
    pub(in crate::module::process) fn killed_at_limit(&self) -> Option<u64> {
        let events = read(&self.folder, "memory.events").unwrap_or_default();
        let happened = |key| value(&events, key).is_some_and(|times| times > 0);
        let at_limit = self.controllers.memory && happened("oom") && happened("oom_kill");
        // Kernels before 5.19 do not remember the peak.
        let peak = || read(&self.folder, "memory.peak").ok()?.trim().parse().ok();
        at_limit.then(|| peak().unwrap_or_default())
    }

    /// Whether the kernel killed something in it because of a lack of memory; none if that is not counted.
    pub(in crate::module::process) fn kernel_killed(&self) -> Option<bool> {
        let events = read(&self.folder, "memory.events").ok()?;
        Some(value(&events, "oom_kill")? > 0)
    }

    /// Kills all that is in it. Blocks until nothing is left, but no longer than `limit`; returns whether
    /// nothing is left.
    pub(in crate::module::process) fn end(&self, limit: Duration) -> bool {
        end_members(&self.folder, limit)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end(Duration::ZERO);
        LEFT.lock().push(std::mem::take(&mut self.folder));
        remove_left();
    }
}

/// Removes the groups that are left. Those that still cannot be removed, it keeps in mind.
fn remove_left() {
    let left = std::mem::take(&mut *LEFT.lock());
    let busy: Vec<_> = left.into_iter().filter(|folder| remove(folder).is_err()).collect();
    LEFT.lock().extend(busy);
}

/// A file of the kernel begins with no digit, so that it has no name of a group.
fn name(number: u64, module: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "_-.".contains(c) { c } else { '_' };
    let module: String = module.chars().take(NAME_BYTES).map(plain).collect();
    format!("{number}-{module}")
}

#[cfg(test)]
mod tests;
