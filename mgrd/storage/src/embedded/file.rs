//! The file of the database: it is created in one step, and opened only if it has content.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mgrd_draft::{Draft, DraftError};
use redb::backends::FileBackend;

use super::error::{Damage, FileError};
use super::tables::{self, LoadError};

/// Creates an empty storage at `path` if there is no file.
pub(super) fn create_if_missing(path: &Path) -> Result<(), FileError> {
    match path.try_exists().map_err(|why| FileError::of_io(path, why))? {
        true => Ok(()),
        false => create(path),
    }
}

/// Makes the storage at `path` readable only by its owner.
pub(super) fn restrict(path: &Path) -> Result<(), FileError> {
    let restricted = fs::set_permissions(path, Permissions::from_mode(0o600));
    restricted.map_err(|why| FileError::of_io(path, why))
}

/// Creates an empty storage at `path` in one step, so that a crash cannot leave half a file.
fn create(path: &Path) -> Result<(), FileError> {
    let draft = match Draft::new(path, false) {
        Err(DraftError::Exists(_)) => return Ok(()),
        draft => draft.map_err(|why| refused(path, why))?,
    };
    let fill = || -> Result<(), LoadError> {
        let backend = FileBackend::new(draft.file().try_clone()?)?;
        let database = tables::builder().create_with_backend(backend)?;
        Ok(tables::initialise(&database)?)
    };
    fill().map_err(|why| FileError::of(path, why))?;
    match draft.publish() {
        Ok(()) | Err(DraftError::Exists(_)) => Ok(()),
        Err(why) => Err(refused(path, why)),
    }
}

fn refused(path: &Path, why: DraftError) -> FileError {
    match why {
        DraftError::Io { source, .. } | DraftError::Unsynced { source, .. } => {
            FileError::of_io(path, source)
        }
        other => FileError::of_io(path, io::Error::other(other)),
    }
}

/// Opens the file, which must have content.
pub(super) fn open(path: &Path) -> Result<File, FileError> {
    let file = fs::OpenOptions::new().read(true).write(true).open(path);
    let file = file.map_err(|why| FileError::of_io(path, why))?;
    // The database library would turn an empty file into a new database.
    match file.metadata().map_err(|why| FileError::of_io(path, why))?.len() {
        0 => Err(FileError::Damaged { path: path.to_owned(), source: Damage::Empty }),
        _ => Ok(file),
    }
}
