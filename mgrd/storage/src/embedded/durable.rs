//! The database on the disk. After a failed write it is opened again.

use std::sync::Arc;

use redb::Database;

use super::error::{FileError, is_full};
use super::mark::Mark;
use super::source::{Open, Source};
use super::stop::Stop;
use super::tables::{self, LoadError};
use crate::backend::Stored;
use crate::batch::Entries;
use crate::content::Content;
use crate::entry::Key;
use crate::error::{Cause, StorageFault};
use crate::image::Image;
use crate::watch::Change;

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
    /// The damaged file that was found in place of a resumed database. It is not read again until it
    /// changes.
    damaged: Option<(Mark, StorageFault)>,
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
            let (database, mut loaded) = source.open(how, known, &Stop::default())?;
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
        let damaged = None;
        let durable = Self { source, epoch, written_epoch, database, full, resumed, damaged, undo };
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
            damaged: None,
            undo,
        }
    }

    /// Whether the database is not verified yet.
    pub(super) fn is_resumed(&self) -> bool {
        self.resumed
    }

    /// Verifies and opens a resumed database in a new epoch. Returns what it has that `image` does not:
    /// the last leader may have written once more, without an acknowledgement. Any other difference
    /// means that the file is not the one that `image` stands for; nothing in it then changes.
    pub(super) fn verify(
        &mut self,
        image: &Image,
        stop: &Stop,
    ) -> Result<Vec<Change>, StorageFault> {
        self.source.check_place()?;
        let mark = Mark::of(self.source.name()).ok();
        if let Some((known, fault)) = &self.damaged
            && Some(known) == mark.as_ref()
        {
            return Err(fault.clone());
        }
        let how = if self.full { Open::ReleasingSpace } else { Open::AsItIs };
        let opened = self.source.open(how, &image.content(), stop);
        let is_damaged = matches!(opened, Err(FileError::Damaged { .. }));
        let begun =
            opened.map_err(|why| self.fault_of_opening(why)).and_then(|(database, found)| {
                let (epoch, changes) = self.begin(&database, &found, image)?;
                Ok((database, epoch, changes))
            });
        self.full = matches!(begun, Err(StorageFault::Full { .. }));
        self.damaged = match (&begun, mark) {
            (Err(fault), Some(mark)) if is_damaged => Some((mark, fault.clone())),
            _ => None,
        };
        let (database, epoch, changes) = begun?;
        (self.epoch, self.written_epoch) = (epoch, epoch);
        (self.database, self.resumed) = (Some(database), false);
        Ok(changes)
    }

    /// Begins the next epoch of a resumed database if it has what is expected.
    fn begin(
        &self,
        database: &Database,
        found: &Stored,
        image: &Image,
    ) -> Result<(u64, Vec<Change>), StorageFault> {
        if found.epoch != self.written_epoch {
            let (held, current) = (self.epoch, found.epoch);
            return Err(StorageFault::Fenced { name: self.name(), held, current });
        }
        let changes = continuation(image, &found.content);
        let changes = changes.ok_or_else(|| StorageFault::Unexpected { name: self.name() })?;
        let begun = tables::begin_epoch(database).map_err(LoadError::from);
        let begun = begun.map_err(|why| FileError::of(self.source.name(), why));
        Ok((begun.map_err(|why| self.fault_of_opening(why))?, changes))
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
        let (database, found) = self.source.open(how, &image.content(), &Stop::default())?;
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

/// The changes from the content of `image` to what was found, if that is the same or later.
fn continuation(image: &Image, found: &Content) -> Option<Vec<Change>> {
    let known = image.revision();
    let mut changes = image.changes_to(found);
    changes.sort_by_key(|change| change.revision);
    let continues = match &changes[..] {
        [] => found.revision == known,
        [first, ..] => {
            let last = changes.last().map(|last| last.revision);
            first.revision > known && last == Some(found.revision)
        }
    };
    continues.then_some(changes)
}
