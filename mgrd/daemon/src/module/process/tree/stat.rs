//! One process, as the kernel shows it.

use std::fs::{read_dir, read_to_string};
use std::time::Duration;

use nix::unistd::{SysconfVar, sysconf};
use serde::{Deserialize, Serialize};

/// A process. Its start distinguishes it from others that had the same number before, or get it later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(in crate::module) struct ProcessId {
    pub(in crate::module) pid: i32,
    /// In ticks since the system started.
    pub(in crate::module) start: u64,
}

/// What the kernel shows of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::module) struct Stat {
    pub(in crate::module) id: ProcessId,
    pub(in crate::module) parent: i32,
    pub(in crate::module) session: i32,
    /// Whether only its exit status is left.
    pub(in crate::module) is_zombie: bool,
    pub(in crate::module) rss_bytes: u64,
    pub(in crate::module) threads: u64,
    pub(in crate::module) cpu: Duration,
}

impl Stat {
    /// None if there is no such process.
    pub(in crate::module) fn read(pid: i32) -> Option<Self> {
        let mut stat = read(&format!("/proc/{pid}/stat"), pid)?;
        if stat.rss_bytes == 0 && !stat.is_zombie {
            // A main thread that has ended no longer shows the memory of the others.
            stat.rss_bytes = other_threads(pid).unwrap_or_default();
        }
        Some(stat)
    }

    /// From the text of `/proc/PID/stat`; the name in parentheses may contain anything.
    fn parse(pid: i32, text: &str, page: u64, hertz: u64) -> Option<Self> {
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let text = |number: usize| fields.get(number - 3).copied();
        let field = |number: usize| text(number)?.trim().parse::<u64>().ok();
        let process = |number: usize| text(number)?.parse::<i32>().ok();
        let ticks = field(14)?.saturating_add(field(15)?);
        Some(Self {
            id: ProcessId { pid, start: field(22)? },
            parent: process(4)?,
            session: process(6)?,
            // With a main thread that has ended, a process lives as long as its other threads.
            is_zombie: matches!(text(3)?, "Z" | "X") && field(20)? <= 1,
            rss_bytes: field(24)?.saturating_mul(page),
            threads: field(20)?,
            cpu: Duration::from_millis(ticks.saturating_mul(1000) / hertz.max(1)),
        })
    }
}

fn read(path: &str, pid: i32) -> Option<Stat> {
    let text = read_to_string(path).ok()?;
    let page = sysconf(SysconfVar::PAGE_SIZE).ok()??.cast_unsigned();
    let hertz = sysconf(SysconfVar::CLK_TCK).ok()??.cast_unsigned();
    Stat::parse(pid, &text, page, hertz)
}

fn other_threads(pid: i32) -> Option<u64> {
    let threads = read_dir(format!("/proc/{pid}/task")).ok()?.flatten().skip(1);
    let last = threads.last()?.path().join("stat");
    read(last.to_str()?, pid).map(|stat| stat.rss_bytes)
}

#[cfg(test)]
mod tests;
