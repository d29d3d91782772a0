//! How a child enters its confinement, between fork and exec.

use std::io;

use nix::libc;
use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// What a child needs to confine itself. It is plain data, because the child cannot allocate.
#[derive(Clone, Copy, Debug)]
pub(in crate::module::process) struct Entry {
    pub(super) open_files: Option<u64>,
    /// The soft limit of open files if that is none.
    pub(super) inherited_open_files: Option<u64>,
    pub(super) nice: i32,
}

impl Entry {
    /// Confines the calling process. It only makes system calls that are async-signal-safe.
    #[expect(unsafe_code, reason = "setpriority has no safe form")]
    pub(in crate::module::process) fn enter(self) -> io::Result<()> {
        if let Some(limit) = self.open_files {
            let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
            setrlimit(Resource::RLIMIT_NOFILE, limit.min(most), limit.min(most))?;
        } else if let Some(limit) = self.inherited_open_files {
            let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
            setrlimit(Resource::RLIMIT_NOFILE, limit.min(most), most)?;
        }
        // SAFETY: a plain system call. A module runs with another priority, too, if it fails.
        unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, self.nice) };
        Ok(())
    }
}
