//! A recording: the state of a cluster over time. It is read and checked as a whole before it is
//! played.

use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::cluster::NotADaemon;

/// The longest line that is read, in bytes.
const LINE: u64 = 256 << 20;
/// Documents that follow a notification within this time belong to it and are played before it: the
/// recorder read them when it got the notification.
const SETTLE: Duration = Duration::from_millis(100);

/// A recording that cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error(
        "recording {}: {source}; check the setting 'replay', and who may read the file",
        .path.display()
    )]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is empty.
    #[error("recording {}: the file is empty; a recording has one JSON object per line", .0.display())]
    Empty(PathBuf),
    /// A daemon of the recorded state has no type or no id.
    #[error("recording {}: {source}", .path.display())]
    Daemon {
        /// Which file.
        path: PathBuf,
        /// Which daemon.
        source: NotADaemon,
    },
    /// A line is invalid.
    #[error("recording {}, line {line}: {source}", .path.display())]
    Line {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        source: LineError,
    },
}

/// What is wrong with a line of a recording.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// The file ends too early, or its compression is damaged.
    #[error("cannot be read; the file is cut off or damaged: {0}")]
    Unreadable(#[source] io::Error),
    /// The line ends too early.
    #[error("it is cut off: {0}")]
    CutOff(#[source] serde_json::Error),
    /// The line does not have the form of a recording.
    #[error("it is not a line of a recording: {0}")]
    Json(#[source] serde_json::Error),
    /// A file of the folder `state` is invalid.
    #[error("{0}")]
    State(#[source] serde_json::Error),
    /// The time is invalid.
    #[error("its time {0} is not a number of seconds from 0 on")]
    Time(f64),
    /// The time is before that of the line above.
    #[error("its time {time} is before that of the line above, {before}")]
    Order {
        /// The time of this line, in seconds.
        time: f64,
        /// The time of the line above, in seconds.
        before: f64,
    },
    /// It has neither the keys of a document nor those of a notification.
    #[error("it must have either 'doc' and 'value' or 'notify' and 'id'")]
    Keys,
}

/// One line of a recording.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    /// The time since the start.
    pub(super) at: Duration,
    pub(super) content: Content,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Document { name: Arc<str>, json: Bytes },
    Notification { kind: Arc<str>, id: Value },
}

/// A whole recording, in order.
#[derive(Debug, Default)]
pub(super) struct Recording {
    /// The documents as they were at the start.
    pub(super) initial: Vec<(Arc<str>, Bytes)>,
    /// The records after the start.
    pub(super) records: Vec<Record>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line<'a> {
    t: f64,
    doc: Option<String>,
    #[serde(borrow, default, deserialize_with = "present")]
    value: Option<&'a RawValue>,
    notify: Option<String>,
    id: Option<Value>,
}

/// Makes a `null` differ from a missing value.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl Recording {
    /// Reads a recording, plain or compressed with gzip.
    pub(super) fn load(path: &Path) -> Result<Self, RecordingError> {
        let file = |source| RecordingError::File { path: path.into(), source };
        let mut source = File::open(path).map_err(file)?;
        let mut magic = Vec::new();
        source.by_ref().take(2).read_to_end(&mut magic).map_err(file)?;
        let compressed = magic == [0x1f, 0x8b];
        let source = Cursor::new(magic).chain(source);
        let records = if compressed {
            read(path, BufReader::new(MultiGzDecoder::new(BufReader::new(source))))?
        } else {
            read(path, BufReader::new(source))?
        };
        if records.is_empty() {
            return Err(RecordingError::Empty(path.into()));
        }
        Ok(Self::split(records))
    }

    /// Separates the start from what happens later. The start is every document up to the first
    /// notification, or up to the first document that comes a second time.
    fn split(records: Vec<Record>) -> Self {
        let mut recording = Self::default();
        let mut seen = HashSet::new();
        let mut records = records.into_iter().peekable();
        let mut is_start = |record: &Record| match &record.content {
            Content::Document { name, .. } => seen.insert(name.clone()),
            Content::Notification { .. } => false,
        };
        while let Some(record) = records.next_if(&mut is_start) {
            if let Content::Document { name, json } = record.content {
                recording.initial.push((name, json));
            }
        }
        recording.records = settled(records);
        recording
    }
}

/// Moves each notification behind the documents that belong to it.
fn settled(records: impl Iterator<Item = Record>) -> Vec<Record> {
    let is_notification = |record: &Record| matches!(record.content, Content::Notification { .. });
    let mut all: Vec<Record> = records.collect();
    let documents: Vec<_> = all.iter().filter(|m| !is_notification(m)).map(|m| m.at).collect();
    for record in all.iter_mut().filter(|record| is_notification(record)) {
        let followers = documents.partition_point(|&at| at <= record.at + SETTLE);
        let last = documents[..followers].last();
        record.at = last.map_or(record.at, |&last| last.max(record.at));
    }
    all.sort_by_key(|record| (record.at, is_notification(record)));
    all
}

fn read(path: &Path, mut source: impl BufRead) -> Result<Vec<Record>, RecordingError> {
    let mut records = Vec::<Record>::new();
    let mut text = Vec::new();
    for line in 1.. {
        let broken = |source| RecordingError::Line { path: path.into(), line, source };
        text.clear();
        let read = source.by_ref().take(LINE).read_until(b'\n', &mut text);
        let read = read.map_err(|error| broken(LineError::Unreadable(error)))?;
        if read == 0 {
            break;
        }
        let record = record(&text).map_err(broken)?;
        if let Some(before) = records.last().filter(|before| before.at > record.at) {
            let (time, before) = (record.at.as_secs_f64(), before.at.as_secs_f64());
            return Err(broken(LineError::Order { time, before }));
        }
        records.push(record);
    }
    Ok(records)
}

fn record(text: &[u8]) -> Result<Record, LineError> {
    let line: Line<'_> = serde_json::from_slice(text).map_err(|error| match error.is_eof() {
        true => LineError::CutOff(error),
        false => LineError::Json(error),
    })?;
    let at = Duration::try_from_secs_f64(line.t).map_err(|_| LineError::Time(line.t))?;
    let content = match (line.doc, line.value, line.notify, line.id) {
        (Some(name), Some(value), None, None) => {
            let json = Bytes::copy_from_slice(value.get().as_bytes());
            Content::Document { name: name.into(), json }
        }
        (None, None, Some(kind), id) => {
            Content::Notification { kind: kind.into(), id: id.unwrap_or_default() }
        }
        _ => return Err(LineError::Keys),
    };
    Ok(Record { at, content })
}

#[cfg(test)]
mod tests;
