//! The limits that the kernel keeps for each process: open files, and memory as a last resort.

use std::io;

use nix::libc;
use nix::sys::resource::{Resource, getrlimit};

use crate::descriptors;

/// A limit of the kernel, as `setrlimit` takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Resources {
    /// Open files: what is allowed now, and what the process may raise it to.
    files: (u64, u64),
    /// Bytes of data, of which each process may raise the first number.
    data: (u64, u64),
}

/// Memory is measured once a second. This much more, and a process gets no more from the kernel.
const DATA_ROOM: u64 = 1 << 30;

impl Resources {
    /// What the kernel keeps for a module with these limits.
    pub(super) fn new(open_files: Option<u64>, memory: Option<u64>) -> io::Result<Self> {
        let (own, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
        let inherited = (descriptors::inherited().unwrap_or(own).min(most), most);
        let files = open_files.map_or(inherited, |limit| (limit.min(most), limit.min(most)));
        let (_, most) = getrlimit(Resource::RLIMIT_DATA)?;
        // It counts what is reserved, too, which can be far more than what is used.
        let room = |limit: u64| limit.saturating_mul(2).saturating_add(DATA_ROOM).min(most);
        Ok(Self { files, data: (memory.map_or(most, room), most) })
    }

    /// Sets them for a process; 0 means this one. Makes only system calls that are async-signal-safe.
    #[expect(unsafe_code, reason = "prlimit has no safe form")]
    pub(super) fn set(&self, pid: i32) -> io::Result<()> {
        // Only the number of files can be refused: its hard limit was lowered, too.
        for (resource, (soft, hard)) in
            [(libc::RLIMIT_DATA, self.data), (libc::RLIMIT_NOFILE, self.files)]
        {
            let limit = libc::rlimit { rlim_cur: soft, rlim_max: hard };
            // SAFETY: a plain system call with a valid structure.
            if unsafe { libc::prlimit(pid, resource, &raw const limit, std::ptr::null_mut()) } != 0
            {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    }
}
