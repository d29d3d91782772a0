//! Signals and figures of processes.

use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use nix::sys::ptrace;
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::{Pid, getpgid, getpgrp};

use crate::wait::{LONG, eventually};

/// Sends a signal. It does nothing if the process is gone.
pub fn signal(pid: u32, signal: Signal) {
    if let Ok(pid) = i32::try_from(pid) {
        let _ = kill(Pid::from_raw(pid), signal);
    }
}

/// Whether the process exists and is not a zombie.
#[must_use]
pub fn alive(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name, in parentheses, may contain any character.
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

/// Removes the settings of `mgrd` from the environment that a command inherits.
pub(crate) fn remove_settings(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MGRD_") {
            command.env_remove(name);
        }
    }
}

/// Waits until a child process ends.
pub(crate) fn await_child(child: &mut Child, what: &str) -> ExitStatus {
    eventually(what, || match child.try_wait() {
        Ok(Some(status)) => Ok(status),
        Ok(None) => Err("it runs".to_owned()),
        Err(why) => Err(why.to_string()),
    })
}

/// Waits until the process is gone.
pub fn await_end(pid: u32) {
    eventually("the end of a process", || if alive(pid) { Err(pid) } else { Ok(()) });
}

/// The running processes whose environment or command line names `folder`, except this one.
#[must_use]
pub fn of_folder(folder: &Path) -> Vec<u32> {
    let needle = folder.as_os_str().as_encoded_bytes();
    let names = |bytes: Vec<u8>| bytes.windows(needle.len()).any(|part| part == needle);
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let mentions = |pid: &u32, file| std::fs::read(format!("/proc/{pid}/{file}")).is_ok_and(names);
    pids.filter(|pid| *pid != std::process::id() && alive(*pid))
        .filter(|pid| mentions(pid, "environ") || mentions(pid, "cmdline"))
        .collect()
}

/// Stopped threads of another process. Dropping this continues them.
#[derive(Debug)]
pub struct Held(Vec<Pid>);

/// Stops only the threads of a child that have this name. The result must stay in the thread that
/// calls this.
///
/// # Panics
///
/// If the kernel does not allow it.
#[must_use]
pub fn hold(pid: u32, name: &str) -> Held {
    let mut held = Held(Vec::new());
    for task in std::fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
        let comm = std::fs::read_to_string(task.path().join("comm")).unwrap_or_default();
        let tid = task.file_name().to_str().and_then(|tid| tid.parse().ok()).map(Pid::from_raw);
        if let Some(tid) = tid.filter(|_| comm.trim() == name) {
            ptrace::seize(tid, ptrace::Options::empty()).expect("a child may be traced");
            held.0.push(tid);
            ptrace::interrupt(tid).expect("a traced thread can be stopped");
            let _stopped = waitpid(tid, Some(WaitPidFlag::__WALL));
        }
    }
    held
}

impl Held {
    /// Waits until they have ended, which they do when their process ends.
    pub fn await_end(mut self) {
        for tid in self.0.drain(..) {
            let _ended = waitpid(tid, Some(WaitPidFlag::__WALL));
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        for tid in &self.0 {
            let _ = ptrace::detach(*tid, None);
        }
    }
}

/// Resident memory, in bytes; 0 if the process is gone.
#[must_use]
pub fn resident(pid: u32) -> u64 {
    memory(pid, "VmRSS:")
}

/// The peak of the resident memory so far, in bytes; 0 if the process is gone.
#[must_use]
pub fn peak(pid: u32) -> u64 {
    memory(pid, "VmHWM:")
}

fn memory(pid: u32, field: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kib = line.and_then(|text| text.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

/// Kills every process of the folder, and waits until all are gone.
pub fn end_all(folder: &Path) {
    let end = Instant::now() + LONG;
    loop {
        let left = of_folder(folder);
        if left.is_empty() || Instant::now() > end {
            return;
        }
        for pid in left {
            end_group_of(pid);
            signal(pid, Signal::SIGKILL);
        }
        std::thread::yield_now();
    }
}

/// Kills the group of a process, unless it is the caller's own. The kernel kills all of a group at once, so
/// none of its processes can be replaced by a new one before it is found.
fn end_group_of(pid: u32) {
    let Ok(pid) = i32::try_from(pid) else { return };
    match getpgid(Some(Pid::from_raw(pid))) {
        Ok(group) if group != getpgrp() => {
            let _ = killpg(group, Signal::SIGKILL);
        }
        // It is ours, or the process has ended.
        _ => {}
    }
}

/// The processor time used so far.
#[must_use]
pub fn cpu(pid: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // Fields 14 and 15, counted from before the name; the state is field 3.
    let fields =
        stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).into_iter().flatten();
    let ticks = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>();
    Duration::from_millis(ticks * 10)
}
