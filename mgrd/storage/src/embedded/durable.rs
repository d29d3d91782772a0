//! The database on the disk, which is opened again after a write that failed.

use std::sync::Arc;

use redb::Database;

use super::error::{FileError, is_full};
use super::source::{Open, Source};
use super::tables::{self, LoadError, Loaded};
use crate::batch::Entries;
use crate::content::Content;
use crate::entry::Key;
use crate::error::{Cause, StorageFault};
use crate::image::Image;

/// The database, and what must be put right in it.
pub(super) struct Durable {
    source: Box<dyn Source>,
    /// The epoch of this opening.
    epoch: u64,
    /// The epoch in the database: that of the opening before while ours could not be written.
    written_epoch: u64,
    /// None after a failed write: the library takes no other write until the file is opened again.
    database: Option<Arc<Database>>,
    /// Whether there was no space for the last write.
    full: bool,
    /// Keys of failed writes as they were before: such a write may have reached the disk, and the
    /// next one undoes it.
    undo: Entries,
}

/// A database that was opened, with what it holds.
pub(super) struct Opened {
    pub(super) durable: Durable,
    pub(super) content: Content,
    /// Why it can only be read, if that is so.
    pub(super) fault: Option<StorageFault>,
}

impl Durable {
    /// Opens the database in a new epoch. If there is no space for that, it can only be read until
    /// the first write that succeeds, which then begins the epoch.
    pub(super) fn open(source: Box<dyn Source>) -> Result<Opened, FileError> {
        let begin = |how| {
            let database = source.open(how)?;
            let loaded = begin_epoch(&database);
            Ok((database, loaded.map_err(|why| FileError::of(source.place(), why))?))
        };
        let begun = match begin(Open::AsItIs) {
            Err(FileError::Full { .. }) => begin(Open::GivingBackSpace),
            begun => begun,
        };
        let (database, loaded) = match begun {
            Ok((database, loaded)) => (Some(database), loaded),
            Err(FileError::Full { .. }) => (None, source.inspect()?),
            Err(why) => return Err(why),
        };
        let (full, written_epoch) = (database.is_none(), loaded.epoch);
        let epoch = written_epoch + u64::from(full);
        let durable = Self { source, epoch, written_epoch, database, full, undo: Entries::new() };
        let fault = full.then(|| StorageFault::Full { place: durable.place() });
        Ok(Opened { durable, content: loaded.content, fault })
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn place(&self) -> String {
        self.source.place().display().to_string()
    }

    /// Makes entries durable, all of them or none; `image` is what holds if it fails.
    pub(super) fn commit(
        &mut self,
        entries: &Entries,
        revision: u64,
        image: &Image,
    ) -> Result<(), StorageFault> {
        let written = self.write(entries, revision);
        if let Err(fault) = &written {
            self.database = None;
            self.undo.extend(entries.keys().map(|key| (Key::clone(key), image.get(key))));
            self.full = matches!(fault, StorageFault::Full { .. });
            if self.full {
                // At once: the write took all of a disk that others use as well.
                self.database = self.source.open(Open::GivingBackSpace).ok();
            }
        } else {
            self.undo.clear();
            self.written_epoch = self.epoch;
            self.full = false;
        }
        written
    }

    fn write(&mut self, entries: &Entries, revision: u64) -> Result<(), StorageFault> {
        let database = match &self.database {
            Some(database) => database,
            None => {
                let how = if self.full { Open::GivingBackSpace } else { Open::AsItIs };
                let opened = self.source.open(how).map_err(|why| self.fault_of_opening(why))?;
                self.database.insert(opened)
            }
        };
        let transaction = || -> Result<u64, redb::Error> {
            let write = database.begin_write()?;
            let current = tables::stamp(&write, self.epoch, revision)?;
            if current != self.written_epoch {
                write.abort()?;
                return Ok(current);
            }
            tables::write_entries(&write, &self.undo)?;
            tables::write_entries(&write, entries)?;
            write.commit()?;
            Ok(current)
        };
        match transaction() {
            Ok(current) if current == self.written_epoch => Ok(()),
            Ok(current) => {
                Err(StorageFault::Fenced { place: self.place(), held: self.epoch, current })
            }
            Err(redb::Error::Io(why)) if is_full(why.kind()) => {
                Err(StorageFault::Full { place: self.place() })
            }
            Err(why) => Err(self.failed(Cause::new(why))),
        }
    }

    fn fault_of_opening(&self, why: FileError) -> StorageFault {
        match why {
            FileError::Full { .. } => StorageFault::Full { place: self.place() },
            other => self.failed(Cause::new(other)),
        }
    }

    fn failed(&self, source: Cause) -> StorageFault {
        StorageFault::Write { place: self.place(), source }
    }
}

/// Begins a new epoch, in which those who opened the database before can no longer write.
fn begin_epoch(database: &Database) -> Result<Loaded, LoadError> {
    tables::begin_epoch(database)?;
    tables::load(database)
}
