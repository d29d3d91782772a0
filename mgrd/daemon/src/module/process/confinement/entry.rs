//! How a child enters its confinement, between fork and exec.

use std::io;

use nix::libc;
use nix::sys::stat::{Mode, umask};

use super::autogroup::Niceness;
use super::resources::Resources;

/// Of all processes, the kernel ends those of modules first when the memory of the machine is used up.
const FIRST_TO_GO: &[u8] = b"500";

/// What a child needs to confine itself. It is plain data, because the child cannot allocate.
#[derive(Clone, Copy, Debug)]
pub(in crate::module::process) struct Entry {
    pub(super) resources: Resources,
    pub(super) nice: i32,
    pub(super) of_session: Niceness,
}

impl Entry {
    /// Confines the calling process. It only makes system calls that are async-signal-safe.
    #[expect(unsafe_code, reason = "setpriority has no safe form")]
    pub(in crate::module::process) fn enter(self) -> io::Result<()> {
        // The files that a module creates are for its user alone, whatever mgrd was started with.
        umask(Mode::from_bits_truncate(0o077));
        self.resources.set(0)?;
        // SAFETY: a plain system call. A module runs with another priority, too, if it fails.
        unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, self.nice) };
        self.of_session.set();
        prefer_to_end();
        Ok(())
    }
}

/// Has the kernel choose this process, and what it starts, before `mgrd` and others. It goes on without
/// that if it fails.
#[expect(unsafe_code, reason = "files are written without allocating")]
fn prefer_to_end() {
    // SAFETY: plain system calls with a path that ends with a null byte, and with the bytes of a constant.
    unsafe {
        let file =
            libc::open(c"/proc/self/oom_score_adj".as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC);
        if file >= 0 {
            libc::write(file, FIRST_TO_GO.as_ptr().cast(), FIRST_TO_GO.len());
            libc::close(file);
        }
    }
}
