//! Opening a storage file without ever harming one that cannot be used.

use std::fs::{self, File, Permissions};
use std::io;
use std::ops::Bound;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::OnceLock;

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{BackendError, Builder, Database, DatabaseError, StorageBackend, StorageError};

use super::error::OpenError;
use super::tables::{self, FORMAT, LoadError, Loaded};

/// Readers are served from our own image, so the database needs little memory for pages.
const PAGE_CACHE_BYTES: usize = 2 << 20;

/// Makes an empty storage at `path` if there is nothing.
pub(super) fn create_if_missing(path: &Path) -> Result<(), OpenError> {
    match path.try_exists().map_err(|why| explain_io(path, why))? {
        true => Ok(()),
        false => create(path),
    }
}

/// Opens the database in `path`, after a trial that it is sound.
pub(super) fn open(path: &Path) -> Result<Database, OpenError> {
    inspect(path)?;
    let file = open_file(path)?;
    file.set_permissions(Permissions::from_mode(0o600)).map_err(|why| explain_io(path, why))?;
    let open = || Ok(builder().create_with_backend(FileBackend::new(file)?)?);
    open().map_err(|error| explain(path, error))
}

/// Reads all of a storage file and verifies its checksums; never writes to it.
pub(super) fn inspect(path: &Path) -> Result<Loaded, OpenError> {
    let file = open_file(path)?;
    let trial = || {
        let backend = Trial::new(file)?;
        let database = builder().set_check_integrity_on_open(true).create_with_backend(backend)?;
        tables::load(&database)
    };
    // What a disk may return is without limit, what the database library foresaw is not.
    match catch_unwind(AssertUnwindSafe(trial)) {
        Ok(result) => result.map_err(|error| explain(path, error)),
        Err(_) => Err(damaged(path, "its structure makes no sense")),
    }
}

/// A database in memory.
pub(super) fn in_memory() -> Result<Database, LoadError> {
    let database = builder().create_with_backend(InMemoryBackend::new())?;
    tables::initialise(&database)?;
    Ok(database)
}

/// Puts an empty storage at `path` in one step: no crash leaves half a file there.
fn create(path: &Path) -> Result<(), OpenError> {
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let fill = || -> Result<(), LoadError> {
        // Readable by its owner alone, removed if we fail.
        let draft = tempfile::Builder::new().prefix(".storage-").tempfile_in(directory)?;
        let backend = FileBackend::new(draft.reopen()?)?;
        let database = builder().create_with_backend(backend)?;
        tables::initialise(&database)?;
        drop(database);
        draft.as_file().sync_all()?;
        match draft.persist_noclobber(path) {
            Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(failed) => Err(failed.error.into()),
            Ok(_) => Ok(File::open(directory)?.sync_all()?),
        }
    };
    fill().map_err(|error| explain(path, error))
}

fn builder() -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(PAGE_CACHE_BYTES);
    builder
}

fn open_file(path: &Path) -> Result<File, OpenError> {
    let file = fs::OpenOptions::new().read(true).write(true).open(path);
    let file = file.map_err(|why| explain_io(path, why))?;
    // The database library would make an empty file a new database.
    match file.metadata().map_err(|why| explain_io(path, why))?.len() {
        0 => Err(damaged(path, "it is empty")),
        _ => Ok(file),
    }
}

/// Turns a low-level error into one that says what to do.
pub(super) fn explain(path: &Path, error: LoadError) -> OpenError {
    let owned = path.to_owned();
    match error {
        LoadError::Newer(found) => OpenError::Newer { path: owned, found, known: FORMAT },
        LoadError::Foreign => damaged(path, "it is a database, but not one of mgrd"),
        LoadError::Database(redb::Error::DatabaseAlreadyOpen) => OpenError::Locked { path: owned },
        LoadError::Database(redb::Error::Io(why)) => explain_io(path, why),
        LoadError::Database(other) => damaged(path, &other.to_string()),
    }
}

fn explain_io(path: &Path, source: io::Error) -> OpenError {
    let owned = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => OpenError::Missing { path: owned },
        io::ErrorKind::StorageFull => OpenError::Full { path: owned },
        // The last one is what the copy in memory says of a read beyond its end.
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            damaged(path, "it ends too early")
        }
        _ => OpenError::Io { path: owned, source },
    }
}

fn damaged(path: &Path, reason: &str) -> OpenError {
    OpenError::Damaged { path: path.to_owned(), reason: reason.to_owned() }
}

/// A file under its usual lock, whose writes only reach a copy in memory.
#[derive(Debug)]
struct Trial {
    locks: FileBackend,
    file: File,
    copy: OnceLock<InMemoryBackend>,
}

impl Trial {
    fn new(file: File) -> Result<Self, DatabaseError> {
        Ok(Self {
            locks: FileBackend::new(file.try_clone().map_err(StorageError::Io)?)?,
            file,
            copy: OnceLock::new(),
        })
    }

    /// Made at the first access, when the lock is held and nobody else can be writing.
    fn copy(&self) -> io::Result<&InMemoryBackend> {
        if let Some(copy) = self.copy.get() {
            return Ok(copy);
        }
        let copy = InMemoryBackend::new();
        let mut content = Vec::new();
        io::Read::read_to_end(&mut &self.file, &mut content)?;
        copy.set_len(content.len() as u64)?;
        StorageBackend::write(&copy, 0, &content)?;
        Ok(self.copy.get_or_init(|| copy))
    }
}

type Locked = Result<bool, BackendError>;

impl StorageBackend for Trial {
    fn len(&self) -> io::Result<u64> {
        self.copy()?.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        StorageBackend::read(self.copy()?, offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.copy()?.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        StorageBackend::write(self.copy()?, offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.locks.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.locks.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.locks.try_lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.locks.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.locks.query_lock_range(start, end)
    }
}
