//! The database on the disk, which is opened again after a write that failed.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use redb::Database;

use super::contract::{Entry, Key};
use super::error::{OpenError, StorageFault};
use super::file;
use super::image::{Content, Image};
use super::tables::{self, LoadError, Loaded};

/// How to open a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// As it is.
    AsItIs,
    /// After the space that it does not use was given back: a write did not fit on the disk.
    GivingBackSpace,
}

/// Where the database is.
pub(super) trait Source: Send {
    /// Opens it; called again after a failed write, with the first one closed.
    fn open(&self, how: Open) -> Result<Arc<Database>, OpenError>;

    /// Reads it without writing anything.
    fn inspect(&self) -> Result<Loaded, OpenError>;
}

/// The state of keys; `None` means that they are not there.
pub(super) type Entries = HashMap<Key, Option<Entry>>;

/// The database, and what has to be put right in it.
pub(super) struct Durable {
    source: Box<dyn Source>,
    place: String,
    /// The epoch of this opening.
    epoch: u64,
    /// The epoch in the database: that of the opening before while ours could not be written.
    written_epoch: u64,
    /// None after a failed write: the library takes no other one until the file is opened again.
    database: Option<Arc<Database>>,
    /// Whether the last write was refused for want of space.
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
    /// Opens the database in a new epoch. If there is no space for that it can only be read, and
    /// the first write begins the epoch.
    pub(super) fn open(source: Box<dyn Source>, place: String) -> Result<Opened, OpenError> {
        let begin = |how| {
            let database = source.open(how)?;
            let loaded = begin_epoch(&database);
            Ok((database, loaded.map_err(|why| file::explain(Path::new(&place), why))?))
        };
        let begun = match begin(Open::AsItIs) {
            Err(OpenError::Full { .. }) => begin(Open::GivingBackSpace),
            begun => begun,
        };
        let (database, loaded) = match begun {
            Ok((database, loaded)) => (Some(database), loaded),
            Err(OpenError::Full { .. }) => (None, source.inspect()?),
            Err(why) => return Err(why),
        };
        let full = database.is_none();
        let fault = full.then(|| StorageFault::Full { place: place.clone() });
        let (written_epoch, undo) = (loaded.epoch, Entries::new());
        let epoch = written_epoch + u64::from(full);
        let durable = Self { source, place, epoch, written_epoch, database, full, undo };
        Ok(Opened { durable, content: loaded.content, fault })
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn place(&self) -> &str {
        &self.place
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
                let opened = self.source.open(how).map_err(|why| self.fault_of_opening(&why))?;
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
                let place = self.place.clone();
                Err(StorageFault::Fenced { place, held: self.epoch, current })
            }
            Err(redb::Error::Io(why)) if file::is_full(why.kind()) => {
                Err(StorageFault::Full { place: self.place.clone() })
            }
            Err(why) => Err(self.failed(why.to_string())),
        }
    }

    fn fault_of_opening(&self, why: &OpenError) -> StorageFault {
        match why {
            OpenError::Full { .. } => StorageFault::Full { place: self.place.clone() },
            other => self.failed(other.to_string()),
        }
    }

    fn failed(&self, reason: String) -> StorageFault {
        StorageFault::Write { place: self.place.clone(), reason }
    }
}

/// Begins a new epoch: who opened the database before cannot write any more.
fn begin_epoch(database: &Database) -> Result<Loaded, LoadError> {
    tables::begin_epoch(database)?;
    tables::load(database)
}
