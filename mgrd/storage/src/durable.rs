//! The database on the disk, which is opened again after a write that failed.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use redb::Database;

use super::contract::{Entry, Key};
use super::error::{OpenError, StorageFault};
use super::file;
use super::image::{Content, Image};
use super::tables;

/// Opens the database; called again after a failed write, with the first one closed.
pub(super) type Open = Box<dyn Fn() -> Result<Arc<Database>, OpenError> + Send>;

/// The state of keys; `None` means that they are not there.
pub(super) type Entries = HashMap<Key, Option<Entry>>;

/// The database, and what has to be put right in it.
pub(super) struct Durable {
    open: Open,
    place: String,
    epoch: u64,
    /// None after a failed write: the library takes no other one until the file is opened again.
    database: Option<Arc<Database>>,
    /// Keys of failed writes as they were before: such a write may have reached the disk, and the
    /// next one undoes it.
    undo: Entries,
}

impl Durable {
    /// Opens the database in a new epoch; returns it with its content.
    pub(super) fn open(open: Open, place: String) -> Result<(Self, Content), OpenError> {
        let database = open()?;
        let explain = |error| file::explain(Path::new(&place), error);
        let epoch = tables::begin_epoch(&database).map_err(|error| explain(error.into()))?;
        let content = tables::load(&database).map_err(explain)?.content;
        let database = Some(database);
        Ok((Self { open, place, epoch, database, undo: Entries::new() }, content))
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Makes entries durable, all of them or none; `image` is what holds if it fails.
    pub(super) fn commit(
        &mut self,
        entries: &Entries,
        revision: u64,
        image: &Image,
    ) -> Result<(), StorageFault> {
        let written = self.write(entries, revision);
        if written.is_ok() {
            self.undo.clear();
        } else {
            self.database = None;
            self.undo.extend(entries.keys().map(|key| (Key::clone(key), image.get(key))));
        }
        written
    }

    fn write(&mut self, entries: &Entries, revision: u64) -> Result<(), StorageFault> {
        let database = match &self.database {
            Some(database) => database,
            None => {
                let opened = (self.open)().map_err(|why| self.fault_of_opening(&why))?;
                self.database.insert(opened)
            }
        };
        let transaction = || -> Result<u64, redb::Error> {
            let write = database.begin_write()?;
            let current = tables::stamp(&write, self.epoch, revision)?;
            if current != self.epoch {
                write.abort()?;
                return Ok(current);
            }
            tables::write_entries(&write, &self.undo)?;
            tables::write_entries(&write, entries)?;
            write.commit()?;
            Ok(current)
        };
        match transaction() {
            Ok(current) if current == self.epoch => Ok(()),
            Ok(current) => {
                let place = self.place.clone();
                Err(StorageFault::Fenced { place, held: self.epoch, current })
            }
            Err(redb::Error::Io(why)) if why.kind() == io::ErrorKind::StorageFull => {
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
