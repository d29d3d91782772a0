//! Gives freed memory back to the system.

use std::io;
use std::thread;
use std::time::Duration;

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

/// How often freed memory is given back that lies between what is in use.
const TICK: Duration = Duration::from_secs(2);
/// With less memory than this, it is not looked for.
const LITTLE: u64 = 24 << 20;

/// Starts a thread that gives freed memory back again and again. By itself, glibc gives back only what
/// lies behind everything that is in use, so a flood would leave its memory with the process for ever.
///
/// # Errors
///
/// If the system starts no more threads.
pub fn keep_giving_back() -> io::Result<()> {
    let give_back = || {
        loop {
            thread::sleep(TICK);
            if resident() > LITTLE {
                trim();
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
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or(0) * 4096
}
