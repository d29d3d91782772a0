//! The folder for the files of a module, which belongs to the user that it runs as.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, read_dir};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::Path;

use nix::libc;
use nix::unistd::{Gid, Uid, User};

use super::account::Account;
use super::login_error::LoginError;

/// Makes a folder for `mgrd` alone, unless it exists.
pub(super) fn make(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(0o700).create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Gives a folder to the user alone, unless another one has files in it. All looks at it are through one
/// descriptor.
pub(super) fn give(path: &Path, account: &Account) -> Result<(), LoginError> {
    let Account { name, uid, gid, .. } = account;
    let failed = |source| LoginError::Folder { path: path.to_owned(), user: name.clone(), source };
    let flags = libc::O_DIRECTORY | libc::O_NOFOLLOW;
    let folder = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(failed)?;
    let owner = folder.metadata().map_err(failed)?.uid();
    let is_new = || is_empty(&folder).map_err(failed);
    if owner != *uid && !(owner == Uid::effective().as_raw() && is_new()?) {
        return Err(owned_by(path, owner, name.clone(), *uid, *gid));
    }
    fchown(&folder, Some(*uid), Some(*gid)).map_err(failed)?;
    folder.set_permissions(Permissions::from_mode(0o700)).map_err(failed)
}

/// Checks that a module that runs as the user of `mgrd` does not use what another user wrote.
pub(in crate::module) fn check_owner(path: &Path) -> Result<(), LoginError> {
    // If it cannot be looked at, the module cannot use it either.
    let Ok(found) = std::fs::metadata(path) else { return Ok(()) };
    let (uid, gid) = (Uid::effective(), Gid::effective().as_raw());
    if found.uid() == uid.as_raw() {
        return Ok(());
    }
    let name = User::from_uid(uid).ok().flatten().map_or_else(|| uid.to_string(), |user| user.name);
    Err(owned_by(path, found.uid(), name, uid.as_raw(), gid))
}

fn owned_by(path: &Path, owner: u32, user: String, uid: u32, gid: u32) -> LoginError {
    LoginError::Owner { path: path.to_owned(), owner, user, uid, gid }
}

fn is_empty(folder: &File) -> io::Result<bool> {
    Ok(read_dir(format!("/proc/self/fd/{}", folder.as_raw_fd()))?.next().is_none())
}

#[cfg(test)]
mod tests;
