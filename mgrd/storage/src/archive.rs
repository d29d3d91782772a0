//! Check, export and import of a storage that no manager has open, for every backend; and the export of
//! one that a manager has open.
//!
//! An export is JSON, one object a line: a header, then the entries, then a checksum of the lines before
//! it. The value of an entry is text, or base64 if it is not text.

mod format;
mod parts;

use std::fmt;
use std::io::{self, BufRead, Write};

use serde::Serialize;

pub use self::format::LineError;
use self::format::{Header, Values, parse};
pub use self::parts::Parts;
use super::backend::Backend;
use super::error::BackendError;

/// The content of a sound storage or export, in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// The number of keys.
    pub keys: usize,
    /// The bytes of all keys and values.
    pub bytes: usize,
    /// The last revision.
    pub revision: u64,
    /// How often it was opened for writing; none for an export.
    pub epoch: Option<u64>,
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keys, bytes, revision, epoch } = self;
        write!(f, "sound: {keys} keys, {bytes} bytes, revision {revision}")?;
        epoch.map_or(Ok(()), |epoch| write!(f, ", opened {epoch} times"))
    }
}

/// Why a check, an export or an import failed.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The storage cannot be used.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The export could not be read.
    #[error("cannot read the export: {0}; use a complete export")]
    Read(#[source] io::Error),
    /// The export could not be written.
    #[error("cannot write the export: {0}; free some space, or write it elsewhere")]
    Write(#[source] io::Error),
    /// A line of the export is wrong; nothing was imported.
    #[error("line {line} of the export: {source}; use a complete export")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        source: LineError,
    },
    /// The target has content; nothing was imported.
    #[error("the storage holds {keys} keys already; pass --force to replace them all")]
    NotEmpty {
        /// The number of keys.
        keys: usize,
    },
    /// The import could not be written.
    #[error("the storage is as it was before the import: {0}")]
    Import(#[source] BackendError),
}

/// Verifies the storage of a backend, and changes nothing. It blocks.
///
/// # Errors
/// If the storage cannot be used, or is damaged.
pub fn check(backend: &dyn Backend) -> Result<CheckReport, BackendError> {
    let stored = backend.inspect()?;
    let entries = &stored.content.entries;
    Ok(CheckReport {
        keys: entries.len(),
        bytes: entries.iter().map(|(key, entry)| key.len() + entry.value.len()).sum(),
        revision: stored.content.revision,
        epoch: Some(stored.epoch),
    })
}

/// Verifies an export.
///
/// # Errors
/// If it is not complete.
pub fn check_export(export: impl BufRead) -> Result<CheckReport, ArchiveError> {
    let (Header { revision, .. }, values) = parse(export)?;
    let bytes = values.iter().map(|(key, value)| key.len() + value.len()).sum();
    Ok(CheckReport { keys: values.len(), bytes, revision, epoch: None })
}

/// Writes all entries of the storage of a backend to `out`; returns their number. It changes
/// nothing in the storage. It blocks.
///
/// # Errors
/// If the storage cannot be used or `out` cannot be written.
pub fn export(backend: &dyn Backend, out: &mut impl Write) -> Result<usize, ArchiveError> {
    let content = backend.inspect()?.content;
    let keys = content.entries.len();
    for part in Parts::new(content) {
        part.and_then(|part| out.write_all(&part)).map_err(ArchiveError::Write)?;
    }
    out.flush().map_err(ArchiveError::Write)?;
    Ok(keys)
}

/// Replaces the storage of a backend with an export, in one step; returns the number of keys.
/// It blocks.
///
/// # Errors
/// If the export is not complete, if the storage has content and `force` is not given, or if the
/// storage cannot be used. The storage is then as it was.
pub fn import(
    backend: &dyn Backend,
    export: impl BufRead,
    force: bool,
) -> Result<usize, ArchiveError> {
    let (header, values): (Header, Values) = parse(export)?;
    backend.initialise()?;
    let keys = backend.inspect()?.content.entries.len();
    if keys > 0 && !force {
        return Err(ArchiveError::NotEmpty { keys });
    }
    let count = values.len();
    backend.replace(values, header.revision).map_err(ArchiveError::Import)?;
    Ok(count)
}

#[cfg(test)]
mod tests;
