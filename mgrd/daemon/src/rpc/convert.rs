//! Messages of the contracts and the domain's types, each made from the other.

mod cluster;
mod module;
mod session;

use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use mgrd_command::{Errno, Outcome};
use mgrd_proto::{PROTOCOL_VERSIONS, v1};
use mgrd_storage::Change;
use serde_json::Value;
use tonic::Status;

pub(super) use self::cluster::{
    check, counter_schema, daemon_change, daemon_id, daemon_key, event, log_entry, log_message,
    log_priority, min_priority,
};
pub(super) use self::module::{
    constants, declaration, log_record, module_state, option_entry, payload, payload_message,
};
pub(super) use self::session::{from_module, to_module};

/// How many of a caller's protocol versions an error names.
const NAMED_VERSIONS: usize = 8;

/// The highest protocol version that both sides know.
pub(super) fn agree(theirs: &[u32]) -> Result<u32, Status> {
    let common = PROTOCOL_VERSIONS.iter().filter(|ours| theirs.contains(ours)).max();
    common.copied().ok_or_else(|| {
        let named = &theirs[..theirs.len().min(NAMED_VERSIONS)];
        Status::failed_precondition(format!(
            "no common protocol version: mgrd speaks {PROTOCOL_VERSIONS:?}, the caller \
             {named:?}; use an SDK of this release"
        ))
    })
}

pub(super) fn millis(duration: Duration) -> u32 {
    u32::try_from(duration.as_millis()).unwrap_or(u32::MAX)
}

pub(super) fn now_seconds() -> f64 {
    Timestamp::now().as_duration().as_secs_f64()
}

/// A JSON value; bytes that are none count as text, none at all as the empty text.
pub(super) fn json_or_text(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes)
        .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(bytes).into_owned()))
}

pub(super) fn json_bytes<T: serde::Serialize>(value: &T) -> Result<Bytes, Status> {
    let text = serde_json::to_vec(value);
    text.map(Bytes::from).map_err(|why| Status::internal(format!("cannot write JSON: {why}")))
}

pub(super) fn stored(change: Change) -> v1::StoredEntry {
    let Change { key, value, revision } = change;
    v1::StoredEntry { key: key.to_string(), value, revision }
}

pub(super) fn change(entry: v1::StoredEntry) -> Change {
    Change { key: entry.key.into(), value: entry.value, revision: entry.revision }
}

pub(super) fn outcome(message: Option<v1::CommandOutcome>) -> Outcome {
    let unanswered = || Outcome::error(Errno::EIO, "the answer has no outcome");
    message.map_or_else(unanswered, |message| Outcome {
        retval: message.retval,
        stdout: message.stdout,
        stderr: message.stderr,
    })
}

pub(super) fn outcome_message(outcome: Outcome) -> v1::CommandOutcome {
    v1::CommandOutcome { retval: outcome.retval, stdout: outcome.stdout, stderr: outcome.stderr }
}

#[cfg(test)]
mod tests;
