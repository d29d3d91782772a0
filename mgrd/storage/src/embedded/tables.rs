//! The tables of the database.

use redb::{Builder, Database, ReadableDatabase, ReadableTable, TableDefinition, WriteTransaction};

use crate::backend::Stored;
use crate::content::Content;
use crate::entry::{Entry, Key};

/// The format of the tables below. Raise it when an older mgrd could misread them.
pub(super) const FORMAT: u64 = 1;

/// The image in memory serves all reads, so the database needs little memory for pages.
const PAGE_CACHE_BYTES: usize = 2 << 20;

const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");
const ENTRIES: TableDefinition<'_, &str, (u64, &[u8])> = TableDefinition::new("entries");
const FORMAT_KEY: &str = "format";
const EPOCH_KEY: &str = "epoch";
const REVISION_KEY: &str = "revision";
/// Why a database could not be read.
#[derive(Debug)]
pub(super) enum LoadError {
    /// Its format is newer than [`FORMAT`].
    Newer(u64),
    /// It is a sound database, but mgrd did not write it.
    Foreign,
    /// The database library found something that it cannot handle.
    Inconsistent,
    /// Reading failed.
    Database(redb::Error),
}

impl<E: Into<redb::Error>> From<E> for LoadError {
    fn from(error: E) -> Self {
        Self::Database(error.into())
    }
}

/// The settings of every database.
pub(super) fn builder() -> Builder {
    let mut builder = Database::builder();
    builder.set_cache_size(PAGE_CACHE_BYTES);
    builder
}

/// Creates the tables of an empty storage in a new database.
pub(super) fn initialise(database: &Database) -> Result<(), redb::Error> {
    let write = database.begin_write()?;
    {
        let mut meta = write.open_table(META)?;
        meta.insert(FORMAT_KEY, FORMAT)?;
        meta.insert(EPOCH_KEY, 0)?;
        meta.insert(REVISION_KEY, 0)?;
        write.open_table(ENTRIES)?;
    }
    Ok(write.commit()?)
}

/// Reads the whole content. What `known` has, too, is shared with it and takes no further memory.
pub(super) fn load(database: &Database, known: &Content) -> Result<Stored, LoadError> {
    let read = database.begin_read()?;
    let meta = match read.open_table(META) {
        Err(redb::TableError::TableDoesNotExist(_)) => return Err(LoadError::Foreign),
        other => other?,
    };
    let number =
        |key| -> Result<u64, LoadError> { Ok(meta.get(key)?.ok_or(LoadError::Foreign)?.value()) };
    let format = number(FORMAT_KEY)?;
    if format > FORMAT {
        return Err(LoadError::Newer(format));
    }
    let mut entries = known.entries.clone();
    let mut known = known.entries.iter().peekable();
    // Both are in the order of the keys.
    for row in read.open_table(ENTRIES)?.iter()? {
        let (key, stored) = row?;
        let (key, (revision, value)) = (key.value(), stored.value());
        while let Some((gone, _)) = known.next_if(|(known, _)| &***known < key) {
            entries.remove(gone);
        }
        let same = known.next_if(|(known, _)| &***known == key);
        if same.is_none_or(|(_, entry)| entry.revision != revision || entry.value != value) {
            entries.insert(key.into(), Entry { value: value.to_vec().into(), revision });
        }
    }
    for (gone, _) in known {
        entries.remove(gone);
    }
    let content = Content { entries, revision: number(REVISION_KEY)? };
    Ok(Stored { content, epoch: number(EPOCH_KEY)? })
}

/// Begins a new epoch and returns it. Processes that opened the database before can then no longer
/// write.
pub(super) fn begin_epoch(database: &Database) -> Result<u64, redb::Error> {
    let write = database.begin_write()?;
    let mut meta = write.open_table(META)?;
    let epoch = meta.get(EPOCH_KEY)?.map_or(0, |last| last.value()) + 1;
    meta.insert(EPOCH_KEY, epoch)?;
    drop(meta);
    write.commit()?;
    Ok(epoch)
}

/// Records the writer's epoch and the revision in a transaction; returns the epoch that the
/// storage had before.
pub(super) fn stamp(
    write: &WriteTransaction,
    epoch: u64,
    revision: u64,
) -> Result<u64, redb::Error> {
    let mut meta = write.open_table(META)?;
    meta.insert(REVISION_KEY, revision)?;
    let before = meta.insert(EPOCH_KEY, epoch)?;
    Ok(before.map_or(0, |stored| stored.value()))
}

/// Writes entries (`None` removes) in a transaction.
pub(super) fn write_entries<'a>(
    write: &WriteTransaction,
    entries: impl IntoIterator<Item = (&'a Key, &'a Option<Entry>)>,
) -> Result<(), redb::Error> {
    let mut table = write.open_table(ENTRIES)?;
    for (key, entry) in entries {
        match entry {
            Some(entry) => table.insert(&**key, (entry.revision, &entry.value[..]))?,
            None => table.remove(&**key)?,
        };
    }
    Ok(())
}
