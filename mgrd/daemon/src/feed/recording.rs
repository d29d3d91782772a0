//! A recording: what a cluster told over time, read and checked as a whole before it is played.

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
/// Documents that follow a notification within this time belong to it and are put before it, since
/// the recorder looked only when it was notified.
const SETTLE: Duration = Duration::from_millis(100);

/// A recording that cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The file cannot be read.
    #[error("recording {}: {source}", .path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The file is empty.
    #[error("recording {}: the file is empty; a recording has one JSON object a line", .0.display())]
    Empty(PathBuf),
    /// A daemon of the recorded state has no type or no id.
    #[error("recording {}: {source}", .path.display())]
    Daemon {
        /// Which file.
        path: PathBuf,
        /// Which daemon.
        source: NotADaemon,
    },
    /// A line is broken.
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
    /// The line is not what a recording holds.
    #[error("it is not a line of a recording: {0}")]
    Json(#[source] serde_json::Error),
    /// The file of a recorded state is not what it should be.
    #[error("{0}")]
    State(#[source] serde_json::Error),
    /// The time is not one.
    #[error("its time {0} is not a number of seconds from 0 on")]
    Time(f64),
    /// The time runs backwards.
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

/// Something that happens at its time.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moment {
    /// Since the start.
    pub(super) at: Duration,
    pub(super) what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    Document { name: Arc<str>, json: Bytes },
    Notification { kind: Arc<str>, id: Value },
}

/// A whole recording, in order.
#[derive(Debug, Default)]
pub(super) struct Recording {
    /// The documents as they were at the start.
    pub(super) initial: Vec<(Arc<str>, Bytes)>,
    /// What happens then.
    pub(super) moments: Vec<Moment>,
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

/// Tells a `null` from a missing value.
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
        let moments = if compressed {
            read(path, BufReader::new(MultiGzDecoder::new(BufReader::new(source))))?
        } else {
            read(path, BufReader::new(source))?
        };
        if moments.is_empty() {
            return Err(RecordingError::Empty(path.into()));
        }
        Ok(Self::split(moments))
    }

    /// Documents up to the first notification, or up to the first that comes again, are the start.
    fn split(moments: Vec<Moment>) -> Self {
        let mut recording = Self::default();
        let mut seen = HashSet::new();
        let mut moments = moments.into_iter().peekable();
        let mut is_start = |moment: &Moment| match &moment.what {
            What::Document { name, .. } => seen.insert(name.clone()),
            What::Notification { .. } => false,
        };
        while let Some(moment) = moments.next_if(&mut is_start) {
            if let What::Document { name, json } = moment.what {
                recording.initial.push((name, json));
            }
        }
        recording.moments = settled(moments);
        recording
    }
}

/// Puts each notification behind the documents that follow it closely.
fn settled(moments: impl Iterator<Item = Moment>) -> Vec<Moment> {
    let is_notification = |moment: &Moment| matches!(moment.what, What::Notification { .. });
    let mut all: Vec<Moment> = moments.collect();
    let documents: Vec<_> = all.iter().filter(|m| !is_notification(m)).map(|m| m.at).collect();
    for moment in all.iter_mut().filter(|moment| is_notification(moment)) {
        let followers = documents.partition_point(|&at| at <= moment.at + SETTLE);
        let last = documents[..followers].last();
        moment.at = last.map_or(moment.at, |&last| last.max(moment.at));
    }
    all.sort_by_key(|moment| (moment.at, is_notification(moment)));
    all
}

fn read(path: &Path, mut source: impl BufRead) -> Result<Vec<Moment>, RecordingError> {
    let mut moments = Vec::<Moment>::new();
    let mut text = Vec::new();
    for line in 1.. {
        let broken = |source| RecordingError::Line { path: path.into(), line, source };
        text.clear();
        let read = source.by_ref().take(LINE).read_until(b'\n', &mut text);
        let read = read.map_err(|error| broken(LineError::Unreadable(error)))?;
        if read == 0 {
            break;
        }
        let moment = moment(&text).map_err(broken)?;
        if let Some(before) = moments.last().filter(|before| before.at > moment.at) {
            let (time, before) = (moment.at.as_secs_f64(), before.at.as_secs_f64());
            return Err(broken(LineError::Order { time, before }));
        }
        moments.push(moment);
    }
    Ok(moments)
}

fn moment(text: &[u8]) -> Result<Moment, LineError> {
    let line: Line<'_> = serde_json::from_slice(text).map_err(|error| match error.is_eof() {
        true => LineError::CutOff(error),
        false => LineError::Json(error),
    })?;
    let at = Duration::try_from_secs_f64(line.t).map_err(|_| LineError::Time(line.t))?;
    let what = match (line.doc, line.value, line.notify, line.id) {
        (Some(name), Some(value), None, None) => {
            let json = Bytes::copy_from_slice(value.get().as_bytes());
            What::Document { name: name.into(), json }
        }
        (None, None, Some(kind), id) => {
            What::Notification { kind: kind.into(), id: id.unwrap_or_default() }
        }
        _ => return Err(LineError::Keys),
    };
    Ok(Moment { at, what })
}

#[cfg(test)]
mod tests;
