//! The folder of a control group, and its files.

use std::fs::{DirEntry, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::values::{processes, value};

/// How much of a file is read.
const MOST_BYTES: u64 = 1 << 20;
/// How deep the groups in a group are looked at. A program may make groups in its own.
const MOST_DEPTH: usize = 16;
/// How many groups in a group are looked at.
const MOST_GROUPS: usize = 4096;
/// How long to wait before a group is looked at again.
const PAUSE: Duration = Duration::from_millis(2);

/// Writes to a file that the kernel made.
pub(super) fn write(folder: &Path, file: &str, text: &str) -> io::Result<()> {
    File::options().write(true).open(folder.join(file))?.write_all(text.as_bytes())
}

/// Reads a file.
pub(super) fn read(folder: &Path, file: &str) -> io::Result<String> {
    let mut text = String::new();
    File::open(folder.join(file))?.take(MOST_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// The processes in a group, without those in the groups in it.
pub(super) fn members(folder: &Path) -> io::Result<Vec<i32>> {
    Ok(processes(&read(folder, "cgroup.procs")?))
}

/// Whether a process is in a group, or in a group in it.
pub(super) fn is_populated(folder: &Path) -> bool {
    let events = read(folder, "cgroup.events").unwrap_or_default();
    value(&events, "populated").is_some_and(|populated| populated > 0)
}

/// Kills all that is in a group, and in the groups in it.
pub(super) fn kill_members(folder: &Path) {
    if write(folder, "cgroup.kill", "1").is_ok() {
        return;
    }
    // The kernel is older than 5.14.
    for pid in deep(folder).iter().flat_map(|folder| members(folder).unwrap_or_default()) {
        // 0 would be this process itself.
        if pid > 0 {
            let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
        }
    }
}

/// Kills all that is in a group until nothing is left, but no longer than `limit`; returns whether
/// nothing is left.
pub(super) fn end_members(folder: &Path, limit: Duration) -> bool {
    let until = Instant::now() + limit;
    while is_populated(folder) {
        kill_members(folder);
        if Instant::now() >= until {
            return false;
        }
        sleep(PAUSE);
    }
    true
}

/// Removes a group, and the groups in it. Their processes must have ended.
pub(super) fn remove(folder: &Path) -> io::Result<()> {
    for folder in deep(folder).iter().rev() {
        match std::fs::remove_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// The groups in a group.
pub(super) fn children(folder: &Path) -> Vec<DirEntry> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).collect()
}

/// A group and all groups in it, each before those in it.
fn deep(folder: &Path) -> Vec<PathBuf> {
    let mut all = vec![folder.to_owned()];
    let mut level = 0..1;
    for _ in 0..MOST_DEPTH {
        let next = all[level.clone()].iter().flat_map(|folder| children(folder));
        let next: Vec<_> = next.take(MOST_GROUPS).map(|entry| entry.path()).collect();
        level = all.len()..all.len() + next.len();
        all.extend(next);
    }
    all
}

#[cfg(test)]
mod tests;
