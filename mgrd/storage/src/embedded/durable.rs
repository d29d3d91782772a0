//! The database on the disk. After a failed write it is opened again.

use std::sync::Arc;

use redb::Database;

use super::error::{FileError, is_full};
use super::source::{Open, Source};
use super::tables::{self, LoadError};
use crate::batch::Entries;
use crate::content::Content;
use crate::entry::Key;
use crate::error::{Cause, StorageFault};
use crate::image::Image;

/// The database, and the failed writes to undo in it.
pub(super) struct Durable {
    source: Box<dyn Source>,
    /// The epoch of this opening.
    epoch: u64,
    /// The epoch in the database. It is that of the previous opening until ours is written.
    written_epoch: u64,
    /// `None` after a failed write, because the library accepts no more writes until the file is opened
    /// again.
    database: Option<Arc<Database>>,
    /// Whether there was no space for the last write.
    full: bool,
    /// Whether the content comes from a standby, and the database was not read yet.
    resumed: bool,
    /// The keys of failed writes, as they were before. A failed write may have reached the disk, so the
    /// next write undoes it.
    undo: Entries,
}

/// An opened database with its content.
pub(super) struct Opened {
    pub(super) durable: Durable,
    pub(super) content: Content,
    /// Why it can only be read, if so.
    pub(super) fault: Option<StorageFault>,
}

impl Durable {
    /// Opens the database in a new epoch. If there is no space for that, it can only be read. The first
    /// write that succeeds then begins the epoch.
    pub(super) fn open(source: Box<dyn Source>, known: &Content) -> Result<Opened, FileError> {
        let begin = |how| {
            let (database, mut loaded) = source.open(how, known)?;
            let begun = tables::begin_epoch(&database).map_err(LoadError::from);
            loaded.epoch = begun.map_err(|why| FileError::of(source.name(), why))?;
            Ok((database, loaded))
        };
        let begun = match begin(Open::AsItIs) {
            Err(FileError::Full { .. }) => begin(Open::ReleasingSpace),
            begun => begun,
        };
        let (database, loaded) = match begun {
            Ok((database, loaded)) => (Some(database), loaded),
            Err(FileError::Full { .. }) => (None, source.inspect()?),
            Err(why) => return Err(why),
        };
        let (full, written_epoch) = (database.is_none(), loaded.epoch);
        let epoch = written_epoch + u64::from(full);
        let (resumed, undo) = (false, Entries::new());
        let durable = Self { source, epoch, written_epoch, database, full, resumed, undo };
        let fault = full.then(|| StorageFault::Full { name: durable.name() });
        Ok(Opened { durable, content: loaded.content, fault })
    }

    /// The database whose last epoch was `last`, to be opened when it is first needed.
    pub(super) fn resumed(source: Box<dyn Source>, last: u64) -> Self {
        let (epoch, undo) = (last + 1, Entries::new());
        Self {
            source,
            epoch,
            written_epoch: last,
            database: None,
            full: false,
            resumed: true,
            undo,
        }
    }

    /// Whether the database is not verified yet.
    pub(super) fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Verifies and opens a resumed database in a new epoch; returns its content if that is not the
    /// content of `image`.
    pub(super) fn verify(&mut self, image: &Image) -> Result<Option<Content>, StorageFault> {
        self.source.check_place()?;
        let known = image.content();
        let how = if self.full { Open::ReleasingSpace } else { Open::AsItIs };
        let begin = || {
            let (database, found) = self.source.open(how, &known)?;
            let begun = tables::begin_epoch(&database).map_err(LoadError::from);
            let epoch = begun.map_err(|why| FileError::of(self.source.name(), why))?;
            Ok((database, found, epoch))
        };
        let begun = begin();
        self.full = matches!(begun, Err(FileError::Full { .. }));
        let (database, found, epoch) = begun.map_err(|why| self.fault_of_opening(why))?;
        (self.epoch, self.written_epoch) = (epoch, epoch);
        (self.database, self.resumed) = (Some(database), false);
        let Content { entries, revision } = &found.content;
        let same = *revision == known.revision && entries.ptr_eq(&known.entries);
        Ok((!same).then_some(found.content))
    }

    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    pub(super) fn name(&self) -> String {
        self.source.name().display().to_string()
    }

    /// Makes all entries durable, or none. If it fails, the content stays as in `image`.
    pub(super) fn commit(
        &mut self,
        entries: &Entries,
        revision: u64,
        image: &Image,
    ) -> Result<(), StorageFault> {
        let was_full = self.full;
        match self.attempt(entries, revision, image) {
            // The failed attempt has released unused space, so a second one may fit. Only this value
            // knows: after other failures in between, the space is not released yet.
            Err(StorageFault::Full { .. }) if !was_full => self.attempt(entries, revision, image),
            attempted => attempted,
        }
    }

    fn attempt(
        &mut self,
        entries: &Entries,
        revision: u64,
        image: &Image,
    ) -> Result<(), StorageFault> {
        self.source.check_place()?;
        // The file may be moved away during the write.
        let written = self.write(entries, revision, image).and_then(|()| self.source.check_place());
        if let Err(fault) = &written {
            self.database = None;
            self.undo.extend(entries.keys().map(|key| (Key::clone(key), image.get(key))));
            self.full = matches!(fault, StorageFault::Full { .. });
            if self.full {
                // The failed write took all space of a disk that others also use, so it is released at
                // once.
                // If this fails, the next write tries it again.
                let _ = self.reopen(image);
            }
        } else {
            self.undo.clear();
            self.written_epoch = self.epoch;
            self.full = false;
        }
        written
    }

    fn write(
        &mut self,
        entries: &Entries,
        revision: u64,
        image: &Image,
    ) -> Result<(), StorageFault> {
        let database = match &self.database {
            Some(database) => Arc::clone(database),
            None => self.reopen(image).map_err(|why| self.fault_of_opening(why))?,
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
                Err(StorageFault::Fenced { name: self.name(), held: self.epoch, current })
            }
            Err(redb::Error::Io(why)) if is_full(why.kind()) => {
                Err(StorageFault::Full { name: self.name() })
            }
            Err(why) => Err(self.failed(Cause::new(why))),
        }
    }

    /// Opens the database after a failed write. What it has in common with `image` is not kept twice.
    fn reopen(&mut self, image: &Image) -> Result<Arc<Database>, FileError> {
        let how = if self.full { Open::ReleasingSpace } else { Open::AsItIs };
        let (database, found) = self.source.open(how, &image.content())?;
        // What the failed writes did not change needs no undoing, for which there may be no space.
        self.undo.retain(|key, before| found.content.entries.get(key) != before.as_ref());
        Ok(Arc::clone(self.database.insert(database)))
    }

    fn fault_of_opening(&self, why: FileError) -> StorageFault {
        match why {
            FileError::Full { .. } => StorageFault::Full { name: self.name() },
            other => self.failed(Cause::new(other)),
        }
    }

    fn failed(&self, source: Cause) -> StorageFault {
        StorageFault::Write { name: self.name(), source }
    }
}
