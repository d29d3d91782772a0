//! The file of the database: it is created in one step, and opened only if it has content.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

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
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let fill = || -> Result<(), LoadError> {
        // The file is readable only by its owner, and is removed if a step fails.
        let draft = tempfile::Builder::new().prefix(".storage-").tempfile_in(directory)?;
        let backend = FileBackend::new(draft.reopen()?)?;
        let database = tables::builder().create_with_backend(backend)?;
        tables::initialise(&database)?;
        drop(database);
        draft.as_file().sync_all()?;
        match draft.persist_noclobber(path) {
            Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(failed) => Err(failed.error.into()),
            Ok(_) => Ok(File::open(directory)?.sync_all()?),
        }
    };
    fill().map_err(|error| FileError::of(path, error))
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
