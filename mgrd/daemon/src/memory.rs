//! How freed memory goes back to the system.

use nix::libc;

/// An allocation of so many bytes is a mapping of its own.
const OWN_MAPPING: libc::c_int = 8 << 20;

/// So many bytes of freed memory may stay with the process.
const KEPT: libc::c_int = 16 << 20;

/// Has large allocations go back to the system when they are freed. By itself the allocator of glibc
/// raises both limits with each large allocation that is freed, and then keeps as much: one large
/// message would cost its memory for ever.
#[expect(unsafe_code, reason = "mallopt has no safe form")]
pub fn give_back() {
    #[cfg(target_env = "gnu")]
    for (parameter, bytes) in
        [(libc::M_MMAP_THRESHOLD, OWN_MAPPING), (libc::M_TRIM_THRESHOLD, KEPT)]
    {
        // SAFETY: it takes two numbers and touches no memory of ours; nothing else sets them.
        unsafe { libc::mallopt(parameter, bytes) };
    }
}
