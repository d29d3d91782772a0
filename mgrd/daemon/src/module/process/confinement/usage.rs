//! What a process uses, as the kernel counts it.

use std::time::Duration;

/// Memory and processor time of one process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Resident memory, in bytes.
    pub rss_bytes: u64,
    /// Processor time since its start.
    pub cpu: Duration,
}

impl Usage {
    /// What process `pid` uses; none if there is no such process, or it has only begun.
    pub(in crate::module) fn of(pid: i32) -> Option<Self> {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        let page = nix::unistd::sysconf(nix::unistd::SysconfVar::PAGE_SIZE).ok()??;
        let hertz = nix::unistd::sysconf(nix::unistd::SysconfVar::CLK_TCK).ok()??;
        let usage = Self::parse(&stat, page.cast_unsigned(), hertz.cast_unsigned())?;
        (usage.rss_bytes > 0).then_some(usage)
    }

    /// From the text of `/proc/PID/stat`; the name in parentheses may contain anything.
    fn parse(stat: &str, page: u64, hertz: u64) -> Option<Self> {
        let (_, rest) = stat.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split(' ').collect();
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        let ticks = field(14)? + field(15)?;
        Some(Self {
            rss_bytes: field(24)? * page,
            cpu: Duration::from_millis(ticks * 1000 / hertz.max(1)),
        })
    }
}

#[cfg(test)]
mod tests;
