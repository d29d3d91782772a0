//! The source of a database, from which it can be opened again after a failed write.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use redb::Database;

use super::device::{Device, FileDevice, MemoryDevice};
use super::error::FileError;
use super::examine::{Examined, examine, release_unused};
use super::place::Place;
use super::stop::Stop;
use super::tables::{self, LoadError};
use super::unsynced::write_again;
use crate::backend::Stored;
use crate::content::Content;
use crate::error::StorageFault;

/// How to open a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// As it is.
    AsItIs,
    /// After its unused space is released, because a write did not fit on the disk.
    ReleasingSpace,
}

/// The source of a database.
pub(super) trait Source: Send {
    /// The name of the database in messages.
    fn name(&self) -> &Path;

    /// Checks that the database is where it was opened. If it is not, a write would be lost with it.
    fn check_place(&self) -> Result<(), StorageFault>;

    /// Verifies and opens the database, and returns its content, which shares with `known` what is the
    /// same. No other opening of it may exist. It fails early if it is asked to stop.
    fn open(&self, how: Open, known: &Content, stop: &Stop) -> Result<Read, FileError>;

    /// Reads the database, and writes nothing.
    fn inspect(&self) -> Result<Stored, FileError>;
}

/// An opened database, and its content.
pub(super) type Read = (Arc<Database>, Stored);

/// A database on a device. `device` makes the device each time the database is opened.
pub(super) struct OnDevice<F> {
    pub(super) name: PathBuf,
    pub(super) device: F,
    /// None if it is not a file.
    pub(super) place: Option<Arc<Place>>,
}

/// The database in the file at `place`, which must exist.
pub(super) fn in_file(place: Arc<Place>) -> impl Source + use<> {
    let unsynced = Arc::new(Mutex::default());
    let (name, kept) = (place.path().to_owned(), Arc::clone(&place));
    let device = move || {
        let device = FileDevice::new(place.open()?, Arc::clone(&unsynced));
        device.map_err(|why| FileError::of(place.path(), why.into()))
    };
    OnDevice { name, device, place: Some(kept) }
}

/// A new database in memory.
pub(super) fn in_memory() -> Result<impl Source + use<>, FileError> {
    let (name, device) = (PathBuf::from("memory"), MemoryDevice::default());
    let made = device.clone();
    let initialise = || Ok(tables::initialise(&tables::builder().create_with_backend(made)?)?);
    initialise().map_err(|why| FileError::of(&name, why))?;
    Ok(OnDevice { name, device: move || Ok(device.clone()), place: None })
}

impl<D: Device, F: Fn() -> Result<D, FileError> + Send> OnDevice<F> {
    /// Works with the device, and releases its locks if that fails.
    fn with_device<T>(
        &self,
        work: impl FnOnce(&D) -> Result<T, LoadError>,
    ) -> Result<T, FileError> {
        let device = (self.device)()?;
        work(&device).map_err(|why| {
            // If this fails, the locks end with the last clone of the device.
            let _ = device.close();
            FileError::of(&self.name, why)
        })
    }

    fn release_space(&self, device: &D, examined: &Examined) -> io::Result<()> {
        // Until then, the database on the disk may still use these parts. An error ends the opening: a
        // system reports lost pages once, and the next opening writes them again.
        device.sync_data()?;
        if let Err(why) = release_unused(device, examined) {
            let (name, why) = (self.name.display(), FileError::of(&self.name, why));
            tracing::warn!("cannot release the unused space of storage '{name}': {why}");
        }
        Ok(())
    }
}

impl<D: Device, F: Fn() -> Result<D, FileError> + Send> Source for OnDevice<F> {
    fn name(&self) -> &Path {
        &self.name
    }

    fn check_place(&self) -> Result<(), StorageFault> {
        self.place.as_ref().map_or(Ok(()), |place| place.check())
    }

    fn open(&self, how: Open, known: &Content, stop: &Stop) -> Result<Read, FileError> {
        self.with_device(|device| {
            let examined = examine(device, known, stop)?;
            stop.check()?;
            write_again(device, device.unsynced(), &examined.unused)?;
            match how {
                Open::AsItIs => examined.repair.make(device)?,
                // The repair may need more space. Without it, the library repairs the database itself.
                Open::ReleasingSpace => self.release_space(device, &examined)?,
            }
            let mut builder = tables::builder();
            let stop = stop.clone();
            builder.set_repair_callback(move |repair| {
                if stop.is_asked() {
                    repair.abort();
                }
            });
            let database = builder.create_with_backend(device.clone())?;
            Ok((Arc::new(database), examined.loaded))
        })
    }

    fn inspect(&self) -> Result<Stored, FileError> {
        self.with_device(|device| {
            let loaded = examine(device, &Content::default(), &Stop::default())?.loaded;
            device.close()?;
            Ok(loaded)
        })
    }
}
