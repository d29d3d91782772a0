//! Check, export and import of a storage that no manager has open, for every backend.
//!
//! An export is JSON, one object a line: a header, then the entries. The value of an entry is text,
//! or base64 if it is not text.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::backend::Backend;
use super::entry::{Entry, Key};
use super::error::BackendError;

const FORMAT: &str = "mgrd-storage";
const VERSION: u64 = 1;

/// The content of a sound storage, in figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// The number of keys.
    pub keys: usize,
    /// The bytes of all keys and values.
    pub bytes: usize,
    /// The last revision.
    pub revision: u64,
    /// How often it was opened for writing.
    pub epoch: u64,
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { keys, bytes, revision, epoch } = self;
        write!(f, "sound: {keys} keys, {bytes} bytes, revision {revision}, opened {epoch} times")
    }
}

/// Why an export or import failed.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The storage cannot be used.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The export could not be read.
    #[error("cannot read the export: {0}; nothing was imported, use a complete export")]
    Read(#[source] io::Error),
    /// The export could not be written.
    #[error("cannot write the export: {0}; free some space, or write it elsewhere")]
    Write(#[source] io::Error),
    /// A line of the export is wrong; nothing was imported.
    #[error("line {line} of the export: {source}; nothing was imported, use a complete export")]
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

/// What is wrong with a line of an export.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The first line is not a header.
    #[error("it is not the header of an export ({0})")]
    NoHeader(#[source] serde_json::Error),
    /// This mgrd does not know the format in the header.
    #[error("it is {format} version {version}, this mgrd reads {FORMAT} up to version {VERSION}")]
    UnknownFormat {
        /// The name of the format.
        format: String,
        /// Its version.
        version: u64,
    },
    /// It is not an entry.
    #[error("it is not an entry of an export ({0})")]
    NoEntry(#[source] serde_json::Error),
    /// It has no value, or two.
    #[error("it needs exactly one of value and base64")]
    NoSingleValue,
    /// Its value is not base64.
    #[error("its base64 is wrong ({0})")]
    Base64(#[source] base64::DecodeError),
    /// An earlier line has the same key.
    #[error("an earlier line has the same key")]
    Repeated,
    /// The export is not complete.
    #[error("the export ends here, but its header announces {keys} keys")]
    Incomplete {
        /// The number in the header.
        keys: usize,
    },
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Header {
    format: String,
    version: u64,
    revision: u64,
    keys: usize,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Line {
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
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
        epoch: stored.epoch,
    })
}

/// Writes all entries of the storage of a backend to `out`; returns their number. It changes
/// nothing in the storage. It blocks.
///
/// # Errors
/// If the storage cannot be used or `out` cannot be written.
pub fn export(backend: &dyn Backend, out: &mut impl Write) -> Result<usize, ArchiveError> {
    let content = backend.inspect()?.content;
    let keys = content.entries.len();
    let header =
        Header { format: FORMAT.into(), version: VERSION, revision: content.revision, keys };
    let lines = content.entries.iter().map(|(key, entry)| Line::new(key, entry));
    let write = || -> io::Result<()> {
        writeln!(out, "{}", serde_json::to_string(&header)?)?;
        for line in lines {
            writeln!(out, "{}", serde_json::to_string(&line)?)?;
        }
        out.flush()
    };
    write().map_err(ArchiveError::Write)?;
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
    let (header, values) = parse(export)?;
    backend.initialise()?;
    let keys = backend.inspect()?.content.entries.len();
    if keys > 0 && !force {
        return Err(ArchiveError::NotEmpty { keys });
    }
    let count = values.len();
    backend.replace(values, header.revision).map_err(ArchiveError::Import)?;
    Ok(count)
}

type Values = BTreeMap<String, Bytes>;

fn parse(export: impl BufRead) -> Result<(Header, Values), ArchiveError> {
    let mut lines = export.lines().enumerate().map(|(index, text)| match text {
        Ok(text) => Ok((index + 1, text)),
        Err(why) => Err(ArchiveError::Read(why)),
    });
    let wrong = |line, source| ArchiveError::Line { line, source };
    let (_, first) = lines.next().transpose()?.unwrap_or_default();
    let header = Header::parse(&first).map_err(|why| wrong(1, why))?;
    let mut values = Values::new();
    for line in lines {
        let (number, text) = line?;
        let (key, value) = Line::parse(&text).map_err(|why| wrong(number, why))?;
        if values.insert(key, value).is_some() {
            return Err(wrong(number, LineError::Repeated));
        }
    }
    match values.len() {
        found if found == header.keys => Ok((header, values)),
        found => Err(wrong(found + 1, LineError::Incomplete { keys: header.keys })),
    }
}

impl Header {
    fn parse(text: &str) -> Result<Self, LineError> {
        let header: Self = serde_json::from_str(text).map_err(LineError::NoHeader)?;
        match header.format == FORMAT && header.version <= VERSION {
            true => Ok(header),
            false => {
                let Self { format, version, .. } = header;
                Err(LineError::UnknownFormat { format, version })
            }
        }
    }
}

impl Line {
    fn new(key: &Key, entry: &Entry) -> Self {
        let key = key.to_string();
        match std::str::from_utf8(&entry.value) {
            Ok(text) => Self { key, value: Some(text.to_owned()), base64: None },
            Err(_) => Self { key, value: None, base64: Some(BASE64.encode(&entry.value)) },
        }
    }

    fn parse(text: &str) -> Result<(String, Bytes), LineError> {
        let line: Self = serde_json::from_str(text).map_err(LineError::NoEntry)?;
        let value = match (line.value, line.base64) {
            (Some(text), None) => text.into_bytes(),
            (None, Some(coded)) => BASE64.decode(coded).map_err(LineError::Base64)?,
            _ => return Err(LineError::NoSingleValue),
        };
        Ok((line.key, value.into()))
    }
}

#[cfg(test)]
mod tests;
