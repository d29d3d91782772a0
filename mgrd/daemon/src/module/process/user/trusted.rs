//! What root runs must be root's: a module of another user could otherwise write a module that runs as root.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::login_error::LoginError;

const OTHERS_WRITE: u32 = 0o022;
/// Only the owner of an entry can replace it.
const STICKY: u32 = 0o1000;

/// Checks that only root can change a file or folder of a module that runs as root.
pub(in crate::module) fn check_trusted(path: &Path) -> Result<(), LoginError> {
    // What is not there runs nothing.
    let Ok(found) = std::fs::metadata(path) else { return Ok(()) };
    let mode = found.mode();
    let writable = mode & OTHERS_WRITE != 0 && !(found.is_dir() && mode & STICKY != 0);
    if found.uid() == 0 && !writable {
        return Ok(());
    }
    Err(LoginError::Untrusted { path: path.to_owned(), owner: found.uid() })
}

#[cfg(test)]
mod tests;
