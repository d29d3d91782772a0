//! Gives freed memory back to the system.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use nix::libc;

/// An allocation of at least this size has its own memory mapping.
const OWN_MAPPING: libc::c_int = 8 << 20;

/// At most this much freed memory stays with the process.
const KEPT: libc::c_int = 16 << 20;

/// Makes glibc give large allocations back to the system when they are freed. By default, glibc
/// raises both limits with each large allocation that is freed, and keeps that much memory. Then the
/// memory of one large message would never be free again.
#[expect(unsafe_code, reason = "mallopt has no safe form")]
pub fn give_back() {
    #[cfg(target_env = "gnu")]
    for (parameter, bytes) in
        [(libc::M_MMAP_THRESHOLD, OWN_MAPPING), (libc::M_TRIM_THRESHOLD, KEPT)]
    {
        // SAFETY: it takes two numbers and does not touch our memory. Nothing else sets them.
        unsafe { libc::mallopt(parameter, bytes) };
    }
}

/// How often to look whether there is freed memory between what is in use.
const TICK: Duration = Duration::from_secs(2);
/// With less memory than this, it is not looked for.
const LITTLE: u64 = 24 << 20;
/// Memory that grew or shrank by so much since the last trim is worth another one.
const CHANGED: u64 = 8 << 20;
/// Memory that changes by less than this between two looks is at rest.
const REST: u64 = 1 << 20;
/// After a trim that gave back less than [`REST`], there is no other one for so long.
const AFTER_NOTHING: Duration = Duration::from_secs(60);
/// With more memory than this, a trim takes so long that others notice it.
const MUCH: u64 = 256 << 20;
/// Then there is no other one for so long.
const AFTER_MUCH: Duration = Duration::from_secs(600);

/// When to trim: rarely, because a trim holds the locks of the allocator while it looks at all memory.
#[derive(Debug, Default)]
struct Trims {
    /// The memory when it was looked at last.
    seen: u64,
    last: Option<Trim>,
}

/// The last trim.
#[derive(Clone, Copy, Debug)]
struct Trim {
    at: Instant,
    before: u64,
    after: u64,
}

impl Trims {
    /// Whether to trim now, with so much memory.
    fn is_due(&mut self, now: Instant, resident: u64) -> bool {
        let is_at_rest = resident.abs_diff(self.seen) < REST;
        self.seen = resident;
        is_at_rest && resident > LITTLE && self.last.is_none_or(|last| last.is_past(now, resident))
    }

    /// Remembers a trim.
    fn trimmed(&mut self, at: Instant, after: u64) {
        self.last = Some(Trim { at, before: self.seen, after });
        self.seen = after;
    }
}

impl Trim {
    fn is_past(self, now: Instant, resident: u64) -> bool {
        let pause = if resident > MUCH {
            AFTER_MUCH
        } else if self.before.saturating_sub(self.after) < REST {
            AFTER_NOTHING
        } else {
            Duration::ZERO
        };
        now.saturating_duration_since(self.at) >= pause && resident.abs_diff(self.after) >= CHANGED
    }
}

/// Starts a thread that gives freed memory back when much was probably freed. By itself, glibc gives back
/// only what lies behind everything that is in use, so a flood would leave its memory with the process for
/// ever.
///
/// # Errors
///
/// If the system starts no more threads.
pub fn keep_giving_back() -> io::Result<()> {
    let give_back = || {
        let mut trims = Trims::default();
        loop {
            thread::sleep(TICK);
            if trims.is_due(Instant::now(), resident()) {
                trim();
                trims.trimmed(Instant::now(), resident());
            }
        }
    };
    thread::Builder::new().name("memory".to_owned()).spawn(give_back).map(drop)
}

#[expect(unsafe_code, reason = "malloc_trim has no safe form")]
fn trim() {
    #[cfg(target_env = "gnu")]
    // SAFETY: it only gives back pages that no allocation uses.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// The memory of this process in bytes; 0 if the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kib.unwrap_or(0) << 10
}

#[cfg(test)]
mod tests;
