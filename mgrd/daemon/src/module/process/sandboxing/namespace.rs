//! The namespace of a child, and what keeps the child in it.

use std::ffi::{CStr, CString, c_int};
use std::io;

use nix::errno::Errno;
use nix::libc;
use nix::unistd::{getegid, geteuid};

use crate::module::process::steps::Step;

const ADVICE: &str = "start mgrd as root, let users make user namespaces (user.max_user_namespaces), or remove \
                      sandbox from the settings of mgrd";

/// What root could use to leave the namespace, or to change what is mounted.
const LEAVING: [c_int; 5] = [
    21, // CAP_SYS_ADMIN
    19, // CAP_SYS_PTRACE
    16, // CAP_SYS_MODULE
    17, // CAP_SYS_RAWIO
    27, // CAP_MKNOD
];

/// Gets a mount namespace: root can do that, and others in a user namespace where they stay who they
/// are.
pub(super) fn steps() -> io::Result<Vec<Step>> {
    let what = || "the sandbox cannot get a mount namespace".to_owned();
    let mut steps = Vec::new();
    if geteuid().is_root() {
        steps.push(Step::new(what(), ADVICE, || unshare(libc::CLONE_NEWNS)));
    } else {
        let (uid, gid) = (geteuid(), getegid());
        let (uids, gids) =
            (CString::new(format!("{uid} {uid} 1"))?, CString::new(format!("{gid} {gid} 1"))?);
        let files = [
            (c"/proc/self/setgroups", c"deny".to_owned()),
            (c"/proc/self/uid_map", uids),
            (c"/proc/self/gid_map", gids),
        ];
        steps.push(Step::new(what(), ADVICE, move || {
            unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNS)?;
            files.iter().try_for_each(|(file, text)| write(file, text))
        }));
    }
    steps.push(Step::new(what(), ADVICE, follow));
    Ok(steps)
}

/// Keeps a module that runs as root from changing the mounts. Others cannot do that: they have no
/// capabilities, and in a user namespace of their own, the kernel locks what was mounted before.
#[expect(unsafe_code, reason = "prctl has no safe form for this")]
pub(super) fn keep() -> Step {
    Step::new("the sandbox cannot be closed".to_owned(), ADVICE, || {
        for capability in LEAVING {
            // SAFETY: a plain system call.
            let done = unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) };
            Errno::result(done)?;
        }
        Ok(())
    })
}

#[expect(unsafe_code, reason = "the child must not allocate")]
fn unshare(flags: c_int) -> nix::Result<()> {
    // SAFETY: a plain system call.
    Errno::result(unsafe { libc::unshare(flags) }).map(drop)
}

/// What the system mounts and unmounts later happens here, too, and not the other way round.
#[expect(unsafe_code, reason = "the child must not allocate")]
fn follow() -> nix::Result<()> {
    let none = std::ptr::null();
    // SAFETY: a plain system call with texts that end with a null byte.
    let done = unsafe {
        libc::mount(none, c"/".as_ptr(), none, libc::MS_REC | libc::MS_SLAVE, none.cast())
    };
    Errno::result(done).map(drop)
}

#[expect(unsafe_code, reason = "the child must not allocate")]
fn write(file: &CStr, text: &CStr) -> nix::Result<()> {
    let bytes = text.to_bytes();
    // SAFETY: plain system calls with a path that ends with a null byte, and the bytes of a text.
    unsafe {
        let fd = Errno::result(libc::open(file.as_ptr(), libc::O_WRONLY | libc::O_CLOEXEC))?;
        let written = Errno::result(libc::write(fd, bytes.as_ptr().cast(), bytes.len()));
        libc::close(fd);
        written.map(drop)
    }
}
