//! Gives freed memory back to the system.

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
