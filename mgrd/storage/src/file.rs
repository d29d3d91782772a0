//! Opening a storage file without ever harming one that cannot be used.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, atomic::AtomicBool};

use redb::backends::FileBackend;
use redb::{Builder, Database};

use super::device::{Device, FileDevice, MemoryDevice};
use super::durable::{Open, Source};
use super::error::OpenError;
use super::tables::{self, FORMAT, LoadError, Loaded};
use super::trial::Trial;

/// Readers are served from our own image, so the database needs little memory for pages.
const PAGE_CACHE_BYTES: usize = 2 << 20;

/// Makes an empty storage at `path` if there is nothing.
pub(super) fn create_if_missing(path: &Path) -> Result<(), OpenError> {
    match path.try_exists().map_err(|why| explain_io(path, why))? {
        true => Ok(()),
        false => create(path),
    }
}

/// Lets nobody but its owner read the storage at `path`.
pub(super) fn restrict(path: &Path) -> Result<(), OpenError> {
    let restricted = fs::set_permissions(path, Permissions::from_mode(0o600));
    restricted.map_err(|why| explain_io(path, why))
}

/// A database on a device, which is made again by `device` each time the database is opened.
pub(super) struct OnDevice<F> {
    pub(super) place: PathBuf,
    pub(super) device: F,
}

/// The database in the file `path`, which must be there.
pub(super) fn in_file(path: &Path) -> impl Source + use<> {
    let (path, sync_failed) = (path.to_owned(), Arc::new(AtomicBool::new(false)));
    let place = path.clone();
    let device = move || {
        let file = open_file(&path)?;
        FileDevice::new(file, Arc::clone(&sync_failed)).map_err(|why| explain(&path, why.into()))
    };
    OnDevice { place, device }
}

/// A new database in memory.
pub(super) fn in_memory() -> Result<impl Source + use<>, OpenError> {
    let (place, device) = (PathBuf::from("memory"), MemoryDevice::default());
    let initialise = |device| Ok(tables::initialise(&builder().create_with_backend(device)?)?);
    initialise(device.clone()).map_err(|why| explain(&place, why))?;
    Ok(OnDevice { place, device: move || Ok(device.clone()) })
}

/// Reads all of a storage file and verifies its checksums; never writes to it.
pub(super) fn inspect(path: &Path) -> Result<Loaded, OpenError> {
    in_file(path).inspect()
}

impl<D: Device, F: Fn() -> Result<D, OpenError> + Send> OnDevice<F> {
    /// Does something with the device, and gives its locks back if that fails.
    fn with_device<T>(
        &self,
        work: impl FnOnce(&D) -> Result<T, LoadError>,
    ) -> Result<T, OpenError> {
        let device = (self.device)()?;
        work(&device).map_err(|why| {
            // The locks go with the last clone of the device in any case.
            let _ = device.close();
            explain(&self.place, why)
        })
    }
}

impl<D: Device, F: Fn() -> Result<D, OpenError> + Send> Source for OnDevice<F> {
    fn open(&self, how: Open) -> Result<Arc<Database>, OpenError> {
        self.with_device(|device| {
            let (loaded, unused) = try_out(device, Vec::new())?;
            if how == Open::GivingBackSpace
                && let Err(why) = give_back(device, &loaded, unused)
            {
                let (place, why) = (self.place.display(), explain(&self.place, why));
                tracing::warn!("cannot give unused space of storage '{place}' back: {why}");
            }
            Ok(Arc::new(builder().create_with_backend(device.clone())?))
        })
    }

    fn inspect(&self) -> Result<Loaded, OpenError> {
        self.with_device(|device| {
            let (loaded, _) = try_out(device, Vec::new())?;
            device.close()?;
            Ok(loaded)
        })
    }
}

type Ranges = Vec<std::ops::Range<u64>>;

/// Reads and verifies all of a database without writing to it. Returns also the parts of the
/// device that it does not use. The device stays locked.
fn try_out<D: Device>(device: &D, blank: Ranges) -> Result<(Loaded, Ranges), LoadError> {
    let trial = Trial::new(device.clone(), blank);
    let load = || {
        let mut builder = builder();
        builder.set_check_integrity_on_open(true);
        tables::load(&builder.create_with_backend(trial.clone())?)
    };
    // What a disk may return is without limit, what the database library foresaw is not.
    let loaded = catch_unwind(AssertUnwindSafe(load)).unwrap_or(Err(LoadError::Senseless))?;
    Ok((loaded, trial.unread()?))
}

/// Gives the space of unused parts back to the file system. A write that did not fit leaves the
/// whole disk in them.
fn give_back<D: Device>(device: &D, loaded: &Loaded, unused: Ranges) -> Result<(), LoadError> {
    // If a sync has failed, the disk may still need what the database does not use any more.
    if device.sync_failed() {
        return Ok(());
    }
    device.sync_data()?;
    let (without, _) = try_out(device, unused.clone())?;
    if without != *loaded {
        return Err(LoadError::Senseless);
    }
    Ok(unused.into_iter().try_for_each(|range| device.release(range))?)
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
        LoadError::Senseless => damaged(path, "its structure makes no sense"),
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
        kind if is_full(kind) => OpenError::Full { path: owned },
        io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput => {
            damaged(path, "it ends too early")
        }
        _ => OpenError::Io { path: owned, source },
    }
}

/// Whether a write failed because there is no room for it.
pub(super) fn is_full(kind: io::ErrorKind) -> bool {
    matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

fn damaged(path: &Path, reason: &str) -> OpenError {
    OpenError::Damaged { path: path.to_owned(), reason: reason.to_owned() }
}
