//! Files without a name, which the system removes when they are closed.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag};
use nix::unistd::linkat;

/// A file without a name in a folder; none if the file system has no such files.
pub(super) fn create(folder: &Path) -> io::Result<Option<File>> {
    let flags = OFlag::O_TMPFILE.bits();
    let file =
        OpenOptions::new().read(true).write(true).mode(0o600).custom_flags(flags).open(folder);
    match file {
        // Without this folder of the kernel, the file could not get a name.
        Ok(file) if path_of(&file).exists() => Ok(Some(file)),
        Ok(_) => Ok(None),
        Err(why) => match Errno::from_raw(why.raw_os_error().unwrap_or_default()) {
            Errno::EOPNOTSUPP | Errno::EISDIR | Errno::EINVAL => Ok(None),
            _ => Err(why),
        },
    }
}

/// Gives a file its name, which must be free.
pub(super) fn link(file: &File, path: &Path) -> io::Result<()> {
    Ok(linkat(AT_FDCWD, &path_of(file), AT_FDCWD, path, AtFlags::AT_SYMLINK_FOLLOW)?)
}

fn path_of(file: &File) -> PathBuf {
    format!("/proc/self/fd/{}", file.as_raw_fd()).into()
}
