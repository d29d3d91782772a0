//! The lines of an export, and how they are read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::BufRead;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::ArchiveError;
use crate::entry::Entry;

pub(super) const FORMAT: &str = "mgrd-storage";
/// Version 1 has no checksum.
pub(super) const VERSION: u64 = 2;

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
    /// There is more than the header announces.
    #[error("it comes after the end of the export")]
    Surplus,
    /// The last line is not a checksum.
    #[error("it is not the checksum with which an export ends")]
    NoChecksum,
    /// The lines do not have the checksum of the last line.
    #[error("the lines before it do not have this checksum")]
    Changed,
}

/// The first line.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    pub(super) format: String,
    pub(super) version: u64,
    pub(super) revision: u64,
    pub(super) keys: usize,
}

/// An entry.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    value: Option<Cow<'a, str>>,
    #[serde(borrow, skip_serializing_if = "Option::is_none")]
    base64: Option<Cow<'a, str>>,
}

/// The last line: a checksum of all bytes before it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct End {
    pub(super) sha256: String,
}

pub(super) type Values = BTreeMap<String, Bytes>;

/// Reads an export, which must be complete.
pub(super) fn parse(export: impl BufRead) -> Result<(Header, Values), ArchiveError> {
    let mut reading = Reading { export, line: 0, text: String::new(), digest: Sha256::new() };
    let first = reading.next()?.unwrap_or_default();
    let header = Header::parse(first).map_err(|why| reading.wrong(why))?;
    let mut values = Values::new();
    while values.len() < header.keys {
        let Some(text) = reading.next()? else {
            let keys = header.keys;
            reading.line -= 1;
            return Err(reading.wrong(LineError::Incomplete { keys }));
        };
        let (key, value) = Line::parse(text).map_err(|why| reading.wrong(why))?;
        if values.insert(key, value).is_some() {
            return Err(reading.wrong(LineError::Repeated));
        }
    }
    if header.version > 1 {
        let digest = hex(&reading.digest.clone().finalize());
        let end = reading.next()?.and_then(|text| serde_json::from_str::<End>(text).ok());
        match end {
            Some(end) if end.sha256 == digest => {}
            Some(_) => return Err(reading.wrong(LineError::Changed)),
            None => return Err(reading.wrong(LineError::NoChecksum)),
        }
    }
    match reading.next()? {
        None => Ok((header, values)),
        Some(_) => Err(reading.wrong(LineError::Surplus)),
    }
}

/// The lines of an export, one after another.
struct Reading<R> {
    export: R,
    line: usize,
    text: String,
    digest: Sha256,
}

impl<R: BufRead> Reading<R> {
    fn next(&mut self) -> Result<Option<&str>, ArchiveError> {
        self.text.clear();
        self.line += 1;
        let read = self.export.read_line(&mut self.text).map_err(ArchiveError::Read)?;
        self.digest.update(&self.text);
        Ok((read > 0).then(|| self.text.trim_end_matches(['\r', '\n'])))
    }

    fn wrong(&self, source: LineError) -> ArchiveError {
        ArchiveError::Line { line: self.line, source }
    }
}

/// A digest as text.
pub(super) fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
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

impl<'a> Line<'a> {
    pub(super) fn new(key: &'a str, entry: &'a Entry) -> Self {
        let key = key.into();
        match std::str::from_utf8(&entry.value) {
            Ok(text) => Self { key, value: Some(text.into()), base64: None },
            Err(_) => Self { key, value: None, base64: Some(BASE64.encode(&entry.value).into()) },
        }
    }

    fn parse(text: &'a str) -> Result<(String, Bytes), LineError> {
        let line: Self = serde_json::from_str(text).map_err(LineError::NoEntry)?;
        let value = match (line.value, line.base64) {
            (Some(text), None) => text.into_owned().into_bytes(),
            (None, Some(coded)) => BASE64.decode(&*coded).map_err(LineError::Base64)?,
            _ => return Err(LineError::NoSingleValue),
        };
        Ok((line.key.into_owned(), value.into()))
    }
}

#[cfg(test)]
mod tests;
