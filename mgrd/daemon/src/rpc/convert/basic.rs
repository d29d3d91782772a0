//! What more than one service uses: versions, times, JSON, stored entries and outcomes.

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use mgrd_command::{Errno, Outcome};
use mgrd_proto::{PROTOCOL_VERSIONS, v1};
use mgrd_storage::Change;
use serde_json::Value;
use tonic::Status;

/// How many of a caller's protocol versions an error names.
const NAMED_VERSIONS: usize = 8;

/// The highest protocol version that both sides know.
pub(in crate::rpc) fn agree(theirs: &[u32]) -> Result<u32, Status> {
    let common = PROTOCOL_VERSIONS.iter().filter(|ours| theirs.contains(ours)).max();
    common.copied().ok_or_else(|| {
        let named = &theirs[..theirs.len().min(NAMED_VERSIONS)];
        Status::failed_precondition(format!(
            "no common protocol version: mgrd speaks {PROTOCOL_VERSIONS:?}, the caller \
             {named:?}; use an SDK of this release"
        ))
    })
}

pub(in crate::rpc) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

pub(in crate::rpc) fn now_seconds() -> f64 {
    Timestamp::now().as_duration().as_secs_f64()
}

/// A JSON value; bytes that are none count as text, none at all as the empty text.
pub(in crate::rpc) fn json_or_text(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

pub(in crate::rpc) fn json_bytes<T: serde::Serialize>(value: &T) -> Result<Bytes, Status> {
    let text = serde_json::to_vec(value);
    text.map(Bytes::from).map_err(|why| Status::internal(format!("cannot write JSON: {why}")))
}

pub(in crate::rpc) fn stored(change: Change) -> v1::StoredEntry {
    let Change { key, value, revision } = change;
    v1::StoredEntry { key: key.to_string(), value, revision }
}

pub(in crate::rpc) fn change(entry: v1::StoredEntry) -> Change {
    Change { key: entry.key.into(), value: entry.value, revision: entry.revision }
}

pub(in crate::rpc) fn outcome(message: Option<v1::CommandOutcome>) -> Outcome {
    let unanswered = || Outcome::error(Errno::EIO, "the answer has no outcome");
    message.map_or_else(unanswered, |message| Outcome {
        retval: message.retval,
        stdout: message.stdout,
        stderr: message.stderr,
    })
}

pub(in crate::rpc) fn outcome_message(outcome: Outcome) -> v1::CommandOutcome {
    v1::CommandOutcome { retval: outcome.retval, stdout: outcome.stdout, stderr: outcome.stderr }
}
