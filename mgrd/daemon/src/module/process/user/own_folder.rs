//! Folders of `mgrd` that a module of another user must not be able to change: root works in them.

use std::fs::{File, Metadata, OpenOptions, read_dir};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;

use nix::libc;
use nix::unistd::Uid;

use super::account::Account;
use super::login_error::LoginError;

/// The bits of a mode that let the group and others write.
const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
/// Only the owner of an entry can replace it.
const STICKY: u32 = 0o1000;

/// Opens a folder if no other user than that of `mgrd` can change it, and if this account can replace no
/// folder above it.
pub(super) fn open(path: &Path, account: &Account) -> Result<File, LoginError> {
    let failed =
        |source| LoginError::Folder { path: path.to_owned(), user: account.name.clone(), source };
    let folder = OpenOptions::new().read(true).custom_flags(libc::O_DIRECTORY).open(path);
    let folder = folder.map_err(failed)?;
    let found = folder.metadata().map_err(failed)?;
    let own = Uid::effective().as_raw();
    if found.uid() != own {
        let command = format!("chown {own} {}", path.display());
        return Err(foreign(path, found.uid(), account, command));
    }
    if found.mode() & (GROUP_WRITES | OTHERS_WRITE) != 0 {
        return Err(LoginError::Writable { path: path.to_owned(), user: account.name.clone() });
    }
    let real = path.canonicalize().map_err(failed)?;
    for above in real.ancestors().skip(1) {
        let found = std::fs::metadata(above).map_err(failed)?;
        if account.uid != own && can_replace_in(&found, account) {
            return Err(LoginError::Replaceable {
                path: path.to_owned(),
                above: above.to_owned(),
                user: account.name.clone(),
            });
        }
    }
    Ok(folder)
}

/// Checks that all that is in the data directory belongs to the user of `mgrd`: another user could change
/// it, because it can pass through that folder.
pub(super) fn check_content(data_dir: &Path, account: &Account) -> Result<(), LoginError> {
    let failed = |source| LoginError::Folder {
        path: data_dir.to_owned(),
        user: account.name.clone(),
        source,
    };
    let own = Uid::effective().as_raw();
    for entry in read_dir(data_dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        match entry.metadata() {
            Ok(found) if found.uid() == own => {}
            Ok(found) => {
                let command = format!("chown -hR {own} {}", data_dir.display());
                return Err(foreign(&entry.path(), found.uid(), account, command));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(())
}

fn foreign(path: &Path, owner: u32, account: &Account, command: String) -> LoginError {
    LoginError::Foreign { path: path.to_owned(), owner, user: account.name.clone(), command }
}

/// Whether the account can rename a folder of another user in this one.
fn can_replace_in(folder: &Metadata, account: &Account) -> bool {
    let Account { uid, gid, groups, .. } = account;
    let mode = folder.mode();
    let in_group = folder.gid() == *gid || groups.contains(&folder.gid());
    let writes = mode & OTHERS_WRITE != 0 || mode & GROUP_WRITES != 0 && in_group;
    folder.uid() == *uid || writes && mode & STICKY == 0
}

#[cfg(test)]
mod tests;
