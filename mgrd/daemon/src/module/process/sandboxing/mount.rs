//! Mounts, as steps of a child.

use std::ffi::{CString, c_char, c_int, c_uint};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering::Relaxed};

use nix::errno::Errno;
use nix::libc;

use crate::module::process::steps::Step;

const HERE: &str = "check the mounts of the system, or remove sandbox from the settings of mgrd";

/// The structure `mount_attr` of the kernel.
#[repr(C)]
struct Attributes {
    set: u64,
    clear: u64,
    propagation: u64,
    user_namespace: u64,
}

/// A file or folder that the child holds open as it is, to put it back.
#[derive(Debug)]
pub(super) struct Held {
    path: PathBuf,
    text: CString,
    is_folder: bool,
    /// The descriptor, in the child.
    fd: Arc<AtomicI32>,
}

impl Held {
    pub(super) fn new(path: PathBuf) -> io::Result<Self> {
        let is_folder = path.metadata().is_ok_and(|found| found.is_dir());
        let text = bytes(&path)?;
        Ok(Self { path, text, is_folder, fd: Arc::new(AtomicI32::new(-1)) })
    }

    /// Holds it, with all that is mounted in it.
    pub(super) fn hold(&self) -> Step {
        let (text, slot) = (self.text.clone(), Arc::clone(&self.fd));
        let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC | libc::AT_RECURSIVE as c_uint;
        Step::new(self.what("keep"), HERE, move || {
            let fd = open_tree(&text, flags)?;
            slot.store(fd, Relaxed);
            Ok(())
        })
    }

    /// Nothing can be written in what is held.
    pub(super) fn make_read_only(&self, advice: &'static str) -> Step {
        let slot = Arc::clone(&self.fd);
        Step::new(self.what("make read-only"), advice, move || {
            set_read_only(slot.load(Relaxed), c"", libc::AT_EMPTY_PATH)
        })
    }

    /// Makes something new on which it can be mounted.
    #[expect(unsafe_code, reason = "the child must not allocate")]
    pub(super) fn make_place(&self, advice: &'static str) -> Step {
        let (text, is_folder) = (self.text.clone(), self.is_folder);
        Step::new(self.what("make"), advice, move || {
            // SAFETY: plain system calls with a text that ends with a null byte.
            Errno::result(unsafe {
                match is_folder {
                    true => libc::mkdir(text.as_ptr(), 0o755),
                    false => libc::mknod(text.as_ptr(), libc::S_IFREG | 0o600, 0),
                }
            })
            .map(drop)
        })
    }

    /// Mounts it where it was.
    #[expect(unsafe_code, reason = "move_mount has no safe form")]
    pub(super) fn put_back(&self) -> Step {
        let (text, slot) = (self.text.clone(), Arc::clone(&self.fd));
        Step::new(self.what("mount"), HERE, move || {
            let fd = slot.load(Relaxed);
            // SAFETY: plain system calls with texts that end with a null byte.
            let done = unsafe {
                libc::syscall(
                    libc::SYS_move_mount,
                    fd,
                    c"".as_ptr(),
                    libc::AT_FDCWD,
                    text.as_ptr(),
                    libc::MOVE_MOUNT_F_EMPTY_PATH,
                )
            };
            Errno::result(done)?;
            // SAFETY: the descriptor is that of this step alone.
            unsafe { libc::close(fd) };
            Ok(())
        })
    }

    fn what(&self, verb: &str) -> String {
        format!("the sandbox cannot {verb} {}", self.path.display())
    }
}

/// Nothing can be written in all that is mounted now.
pub(super) fn read_only(advice: &'static str) -> Step {
    let what = "the sandbox cannot make the files of the system read-only".to_owned();
    Step::new(what, advice, || set_read_only(libc::AT_FDCWD, c"/", 0))
}

/// Mounts an empty folder over `folder`.
#[expect(unsafe_code, reason = "the child must not allocate")]
pub(super) fn temporary(folder: &Path, options: &str, advice: &'static str) -> io::Result<Step> {
    let (text, options) = (bytes(folder)?, CString::new(options)?);
    let what = format!("the sandbox cannot mount a private {}", folder.display());
    Ok(Step::new(what, advice, move || {
        // SAFETY: a plain system call with texts that end with a null byte.
        let done = unsafe {
            libc::mount(
                c"tmpfs".as_ptr(),
                text.as_ptr(),
                c"tmpfs".as_ptr(),
                libc::MS_NOSUID | libc::MS_NODEV,
                options.as_ptr().cast(),
            )
        };
        Errno::result(done).map(drop)
    }))
}

pub(super) fn bytes(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

#[expect(unsafe_code, reason = "open_tree has no safe form")]
fn open_tree(path: &CString, flags: c_uint) -> nix::Result<c_int> {
    // SAFETY: a plain system call with a text that ends with a null byte.
    let fd = unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) };
    // The kernel gives a descriptor, which fits.
    Errno::result(fd).map(|fd| fd as c_int)
}

#[expect(unsafe_code, reason = "mount_setattr has no safe form")]
fn set_read_only(at: c_int, path: &std::ffi::CStr, flags: c_int) -> nix::Result<()> {
    let attributes =
        Attributes { set: libc::MOUNT_ATTR_RDONLY, clear: 0, propagation: 0, user_namespace: 0 };
    let path: *const c_char = path.as_ptr();
    // SAFETY: a plain system call with a structure of the size that is given.
    let done = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            at,
            path,
            flags | libc::AT_RECURSIVE,
            &raw const attributes,
            size_of::<Attributes>(),
        )
    };
    Errno::result(done).map(drop)
}
