//! Check, export and import of a storage file while no mgrd has it open.
//!
//! An export is JSON, one object a line: a header, then one entry a line with its value as text,
//! or as base64 where it is not text.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufRead, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use super::contract::{Entry, Key};
use super::durable::{Durable, Entries, Opened};
use super::error::{OpenError, StorageFault};
use super::file;
use super::image::Image;

const FORMAT: &str = "mgrd-storage";
const VERSION: u64 = 1;

/// What a sound storage file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CheckReport {
    /// How many keys.
    pub keys: usize,
    /// Bytes of all keys and values.
    pub bytes: usize,
    /// The last revision.
    pub revision: u64,
    /// How often it was opened.
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
    /// The storage file cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The export could not be written or read.
    #[error("cannot {doing} the export: {source}")]
    Io {
        /// `read` or `write`.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A line of the export is wrong; nothing was imported.
    #[error("line {line} of the export: {reason}; nothing was imported, use a complete export")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The target has content; nothing was imported.
    #[error("the storage holds {keys} keys already; pass --force to replace them all")]
    NotEmpty {
        /// How many.
        keys: usize,
    },
    /// The import could not be written; the storage is as it was.
    #[error("cannot write the import: {0}; the storage is as it was")]
    Write(#[from] StorageFault),
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

/// Verifies the whole file; changes nothing.
///
/// # Errors
/// What [`OpenError`] says.
pub fn check(path: &Path) -> Result<CheckReport, OpenError> {
    let loaded = file::inspect(path)?;
    let entries = &loaded.content.entries;
    Ok(CheckReport {
        keys: entries.len(),
        bytes: entries.iter().map(|(key, entry)| key.len() + entry.value.len()).sum(),
        revision: loaded.content.revision,
        epoch: loaded.epoch,
    })
}

/// Writes all entries of the file to `out`; returns how many. Changes nothing.
///
/// # Errors
/// If the storage cannot be used or `out` not be written.
pub fn export(path: &Path, out: &mut impl Write) -> Result<usize, ArchiveError> {
    let content = file::inspect(path)?.content;
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
    write().map_err(|source| ArchiveError::Io { doing: "write", source })?;
    Ok(keys)
}

/// Fills the storage at `path` from an export, in one step; returns how many keys it has then.
///
/// # Errors
/// If the export is not whole, or the storage has content and `force` is not given, or cannot be
/// used; it is then as it was.
pub fn import(path: &Path, export: impl BufRead, force: bool) -> Result<usize, ArchiveError> {
    let (header, values) = parse(export)?;
    file::create_if_missing(path)?;
    let keys = file::inspect(path)?.content.entries.len();
    if keys > 0 && !force {
        return Err(ArchiveError::NotEmpty { keys });
    }
    let source = Box::new(file::in_file(path));
    let Opened { mut durable, content, .. } = Durable::open(source, path.display().to_string())?;
    let revision = content.revision.max(header.revision) + 1;
    let mut entries: Entries = content.entries.keys().map(|key| (Key::clone(key), None)).collect();
    let count = values.len();
    for (key, value) in values {
        entries.insert(key.into(), Some(Entry { value: value.into(), revision }));
    }
    durable.commit(&entries, revision, &Image::new(content))?;
    Ok(count)
}

type Values = BTreeMap<String, Vec<u8>>;

fn parse(export: impl BufRead) -> Result<(Header, Values), ArchiveError> {
    let mut lines = export.lines().enumerate().map(|(index, text)| match text {
        Ok(text) => Ok((index + 1, text)),
        Err(source) => Err(ArchiveError::Io { doing: "read", source }),
    });
    let wrong = |line, reason: String| ArchiveError::Line { line, reason };
    let first = lines.next().transpose()?.unwrap_or_default();
    let header: Header = serde_json::from_str(&first.1)
        .map_err(|why| wrong(1, format!("not the header of an export ({why})")))?;
    if header.format != FORMAT || header.version > VERSION {
        let found = format!("{} version {}", header.format, header.version);
        return Err(wrong(1, format!("it is {found}, this mgrd reads {FORMAT} up to {VERSION}")));
    }
    let mut values = Values::new();
    for line in lines {
        let (number, text) = line?;
        let (key, value) = serde_json::from_str(&text)
            .map_err(|why| why.to_string())
            .and_then(Line::decode)
            .map_err(|reason| wrong(number, reason))?;
        if values.insert(key, value).is_some() {
            return Err(wrong(number, "its key came before".into()));
        }
    }
    match values.len() {
        found if found == header.keys => Ok((header, values)),
        found => Err(wrong(found + 1, format!("the end, but {} keys were announced", header.keys))),
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

    fn decode(self) -> Result<(String, Vec<u8>), String> {
        match (self.value, self.base64) {
            (Some(text), None) => Ok((self.key, text.into_bytes())),
            (None, Some(coded)) => match BASE64.decode(coded) {
                Ok(value) => Ok((self.key, value)),
                Err(why) => Err(format!("bad base64: {why}")),
            },
            _ => Err("exactly one of value and base64 is needed".into()),
        }
    }
}
