//! The bytes of a database: a file whose unused parts can be released to the file system.

use std::fs::File;
use std::io;
use std::ops::{Bound, Range};
use std::sync::Arc;

use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, fallocate};
use parking_lot::Mutex;
use redb::backends::{FileBackend, InMemoryBackend};
use redb::{BackendError, DatabaseError, StorageBackend};

use super::unsynced::Unsynced;

/// The bytes of a database. A clone is the same device, with the same lock.
pub(super) trait Device: StorageBackend + Clone {
    /// Releases the space of a range, which then reads as zeros.
    fn release(&self, range: Range<u64>) -> io::Result<()>;

    /// What was written and may not be on the disk.
    fn unsynced(&self) -> &Mutex<Unsynced>;
}

/// A file under the locks of the database library.
#[derive(Clone, Debug)]
pub(super) struct FileDevice {
    backend: Arc<FileBackend>,
    file: Arc<File>,
    unsynced: Arc<Mutex<Unsynced>>,
}

impl FileDevice {
    /// `unsynced` is shared, because a failure outlives the device.
    pub(super) fn new(file: File, unsynced: Arc<Mutex<Unsynced>>) -> Result<Self, DatabaseError> {
        let backend = FileBackend::new(file.try_clone().map_err(redb::StorageError::Io)?)?;
        Ok(Self { backend: Arc::new(backend), file: Arc::new(file), unsynced })
    }
}

impl Device for FileDevice {
    fn release(&self, range: Range<u64>) -> io::Result<()> {
        let hole = FallocateFlags::FALLOC_FL_PUNCH_HOLE | FallocateFlags::FALLOC_FL_KEEP_SIZE;
        let number = |value: u64| i64::try_from(value).map_err(io::Error::other);
        let (start, length) = (number(range.start)?, number(range.end - range.start)?);
        match fallocate(&*self.file, hole, start, length) {
            // The file system cannot release space.
            Err(Errno::EOPNOTSUPP) | Ok(()) => Ok(()),
            Err(why) => Err(why.into()),
        }
    }

    fn unsynced(&self) -> &Mutex<Unsynced> {
        &self.unsynced
    }
}

/// Memory that is freed with the last clone.
#[derive(Clone, Debug, Default)]
pub(super) struct MemoryDevice(Arc<InMemoryBackend>, Arc<Mutex<Unsynced>>);

impl Device for MemoryDevice {
    fn release(&self, _: Range<u64>) -> io::Result<()> {
        Ok(())
    }

    fn unsynced(&self) -> &Mutex<Unsynced> {
        &self.1
    }
}

type Locked = Result<bool, BackendError>;

impl StorageBackend for FileDevice {
    fn len(&self) -> io::Result<u64> {
        self.backend.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.backend.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.backend.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        let synced = self.backend.sync_data();
        self.unsynced.lock().synced(synced.is_ok());
        synced
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.unsynced.lock().wrote(offset, data.len());
        self.backend.write(offset, data)
    }

    fn close(&self) -> io::Result<()> {
        self.backend.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.backend.try_lock_range(start, end)
    }

    fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.backend.try_lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.backend.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Locked {
        self.backend.query_lock_range(start, end)
    }
}

impl StorageBackend for MemoryDevice {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        StorageBackend::read(&*self.0, offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        StorageBackend::write(&*self.0, offset, data)
    }
}
