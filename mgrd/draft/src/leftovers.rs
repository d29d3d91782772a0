//! Drafts that have a name for a while, and those that killed writers left.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{Flock, FlockArg, OFlag};

/// How the names of drafts begin.
const PREFIX: &str = ".mgrd-draft-";

/// A free name for a draft.
pub(super) fn name(folder: &Path) -> PathBuf {
    folder.join(format!("{PREFIX}{:016x}", fastrand::u64(..)))
}

/// A new draft that has a name. Its lock tells others that its writer lives.
pub(super) fn create(folder: &Path) -> io::Result<(PathBuf, Flock<File>)> {
    loop {
        let path = name(folder);
        let file =
            OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        // Another writer may take it for a leftover before it is locked, and remove it.
        match lock(file?) {
            Ok(locked) if locked.metadata()?.nlink() > 0 => return Ok((path, locked)),
            Ok(_) | Err(Errno::EWOULDBLOCK) => {}
            Err(why) => return Err(why.into()),
        }
    }
}

/// Locks a draft. The lock ends with its writer.
pub(super) fn lock(file: File) -> nix::Result<Flock<File>> {
    Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, why)| why)
}

/// Removes the drafts in `folder` whose writers were killed. What cannot be removed stays.
pub(super) fn remove(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            let _ = remove_if_left(&entry.path());
        }
    }
}

fn remove_if_left(path: &Path) -> io::Result<()> {
    let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
    let file = OpenOptions::new().read(true).custom_flags(flags.bits()).open(path)?;
    if file.metadata()?.is_file() {
        let _locked = lock(file)?;
        fs::remove_file(path)?;
    }
    Ok(())
}
