//! Looking at processes.

use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::wait::{LONG, eventually};

/// Sends a signal; a process that is gone already is fine.
pub fn signal(pid: u32, signal: Signal) {
    if let Ok(pid) = i32::try_from(pid) {
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

/// Whether the process is there and not a zombie.
#[must_use]
pub fn alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in parentheses, may hold anything.
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

/// Waits until the process is gone.
pub fn await_end(pid: u32) {
    eventually("the end of a process", || if alive(pid) { Err(pid) } else { Ok(()) });
}

/// The living processes whose environment or command line names `folder`, but this one.
#[must_use]
pub fn of_folder(folder: &Path) -> Vec<u32> {
    let needle = folder.as_os_str().as_encoded_bytes();
    let names = |bytes: Vec<u8>| bytes.windows(needle.len()).any(|part| part == needle);
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let told = |pid: &u32, file| std::fs::read(format!("/proc/{pid}/{file}")).is_ok_and(names);
    pids.filter(|pid| *pid != std::process::id() && alive(*pid))
        .filter(|pid| told(pid, "environ") || told(pid, "cmdline"))
        .collect()
}

/// Resident memory, in bytes; 0 if the process is gone.
#[must_use]
pub fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// Kills every process of the folder, and waits until none is left.
pub fn end_all(folder: &Path) {
    let end = Instant::now() + LONG;
    loop {
        let left = of_folder(folder);
        if left.is_empty() || Instant::now() > end {
            return;
        }
        for pid in left {
            signal(pid, Signal::SIGKILL);
        }
        std::thread::yield_now();
    }
}

/// Processor time used so far.
#[must_use]
pub fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Fields 14 and 15, counted from before the name; the state is field 3.
    let fields =
        stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).into_iter().flatten();
    let ticks = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>();
    Duration::from_millis(ticks * 10)
}
