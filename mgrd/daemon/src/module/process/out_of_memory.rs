//! Whether a module ended because it ran out of memory.

use nix::libc::{SIGABRT, SIGKILL};

use super::confinement::Usage;
use super::exit::Exit;

/// How a module ran out of memory, with what it used when it was last measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutOfMemory {
    /// The kernel killed it.
    #[error(
        "ran out of memory: the kernel killed it, because the memory of the machine or of its control \
         group was used up; {}", figures(.used, .limit)
    )]
    Killed {
        /// What it used, in bytes, if that is known.
        used: Option<u64>,
        /// Its limit `memory`, in bytes, if it has one.
        limit: Option<u64>,
    },
    /// The kernel killed it at the limit of its control group.
    #[error(
        "ran out of memory: it used {used} MiB, and its limit is {limit} MiB; the kernel killed all that \
         it had started"
    )]
    AtLimit {
        /// The most that it used, in MiB.
        used: u64,
        /// Its limit `memory`, in MiB.
        limit: u64,
    },
    /// It could not get more memory, and ended.
    #[error("ran out of memory: it could not get more, and ended; {}", figures(.used, .limit))]
    Refused {
        /// What it used, in bytes, if that is known.
        used: Option<u64>,
        /// Its limit `memory`, in bytes, if it has one.
        limit: Option<u64>,
    },
}

/// What is known of its memory, as a part of a sentence.
fn figures(used: &Option<u64>, limit: &Option<u64>) -> String {
    let mebibytes = |bytes: u64| format!("{} MiB", bytes >> 20);
    let used = used.map_or_else(|| "an unknown amount".to_owned(), mebibytes);
    let limit = limit.map_or_else(
        || "it has no limit".to_owned(),
        |limit| format!("its limit is {}", mebibytes(limit)),
    );
    format!("it used {used} when it was last measured, and {limit}")
}

impl OutOfMemory {
    /// Whether a process that ended like this ran out of memory. `kernel_killed` says whether the kernel
    /// has killed processes for that reason since it was last measured.
    pub(super) fn found(
        exit: Exit,
        last_words: &[String],
        kernel_killed: bool,
        used: Option<Usage>,
        limit: Option<u64>,
    ) -> Option<Self> {
        let used = used.map(|used| used.rss_bytes);
        match exit {
            Exit::Signal(SIGKILL) if kernel_killed => Some(Self::Killed { used, limit }),
            Exit::Signal(SIGABRT) | Exit::Status(1..)
                if exit.refusal().is_none() && complain(last_words) =>
            {
                Some(Self::Refused { used, limit })
            }
            _ => None,
        }
    }
}

/// Whether the last words of a program say that it got no more memory: those of Python, of Rust, of C++
/// and of Node.js.
fn complain(last_words: &[String]) -> bool {
    let mut lines = last_words.iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    let is_complaint = |line: &str| {
        (line.starts_with("memory allocation of ") && line.ends_with(" bytes failed"))
            || line.contains("std::bad_alloc")
            || line.contains("JavaScript heap out of memory")
    };
    let is_exception = |line: &str| line == "MemoryError" || line.starts_with("MemoryError: ");
    // A program in Python may handle the exception and go on. The one that ends it comes last.
    lines.clone().any(is_complaint) || lines.next_back().is_some_and(is_exception)
}

/// How many processes the kernel has killed because of a lack of memory since the machine started.
pub(super) fn oom_kills() -> u64 {
    let text = std::fs::read_to_string("/proc/vmstat").unwrap_or_default();
    let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
    count.and_then(|count| count.trim().parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
