//! How much of the processors a session gets.
//!
//! A kernel with `sched_autogroup` divides the processors among sessions, and the part of a session among its
//! threads. The niceness and the policy of a thread count only within its session there, so a session of
//! eight threads that compute gets as much as `mgrd`. A session has a niceness of its own
//! (`/proc/PID/autogroup`, see sched(7)), which this sets. Without such a kernel it does nothing.

use std::collections::HashMap;
use std::fs;

use nix::libc;

use super::fairness::HIGHEST_NICENESS;

/// A niceness as the kernel reads it, in memory that a child can use before its program runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Niceness {
    text: [u8; 4],
    length: usize,
}

/// A session of processes, as the kernel names it.
#[derive(Debug, Eq, Hash, PartialEq)]
struct Autogroup {
    name: String,
    nice: i32,
}

impl Niceness {
    pub(super) fn new(nice: i32) -> Self {
        let mut text = [0; 4];
        let written = nice.to_string();
        let length = written.len().min(text.len());
        text[..length].copy_from_slice(&written.as_bytes()[..length]);
        Self { text, length }
    }

    /// Gives it to the session of the calling process. It only makes system calls that are
    /// async-signal-safe. If it fails, the module runs with another share until it is loud.
    #[expect(unsafe_code, reason = "files are written without allocating")]
    pub(super) fn set(&self) {
        // SAFETY: plain system calls with a path that ends with a null byte, and with bytes of this value.
        unsafe {
            let file =
                libc::open(c"/proc/self/autogroup".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
            if file >= 0 {
                libc::write(file, self.text.as_ptr().cast(), self.length);
                libc::close(file);
            }
        }
    }
}

/// Gives the sessions of these processes the highest niceness if one of their processes gives way, and else
/// this niceness. Returns whether one had another niceness before, or has one now.
pub(super) fn share(
    pids: impl Iterator<Item = i32>,
    gives_way: impl Fn(i32) -> bool,
    nice: i32,
) -> bool {
    let mut sessions: HashMap<Autogroup, (i32, bool)> = HashMap::new();
    for pid in pids {
        let Some(session) = Autogroup::of(pid) else { continue };
        sessions.entry(session).or_insert((pid, false)).1 |= gives_way(pid);
    }
    let mut differs = false;
    let mut sessions: Vec<_> = sessions.into_iter().collect();
    // Without root, the kernel allows one change in a tenth of a second. The next measurement makes the next
    // one, so those that give way come first.
    sessions.sort_by_key(|(_, (_, gives_way))| !gives_way);
    for (session, (pid, gives_way)) in sessions {
        differs |= gives_way || session.nice != nice;
        let wanted = if gives_way { HIGHEST_NICENESS } else { nice };
        if session.nice != wanted {
            // It also fails if the process has ended.
            let _ = fs::write(format!("/proc/{pid}/autogroup"), wanted.to_string());
        }
    }
    differs
}

impl Autogroup {
    /// None if the process has ended, or the kernel has no such groups.
    fn of(pid: i32) -> Option<Self> {
        Self::parse(&fs::read_to_string(format!("/proc/{pid}/autogroup")).ok()?)
    }

    /// Reads `/autogroup-123 nice 5`.
    fn parse(text: &str) -> Option<Self> {
        let (name, nice) = text.trim_end().rsplit_once(" nice ")?;
        Some(Self { name: name.to_owned(), nice: nice.parse().ok()? })
    }
}

#[cfg(test)]
mod tests;
