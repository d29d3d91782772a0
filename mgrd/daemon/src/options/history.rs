//! The history of changes, so that an operator can look up a change and revert it.

use jiff::Timestamp;
use mgrd_storage::{Storage, Transaction};
use serde::{Deserialize, Serialize};

const PREFIX: &str = "config-history/";
/// The number of versions that are kept.
const KEPT: u64 = 1000;

/// One change of one option.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Revised {
    /// `<section>/<option>`.
    pub name: String,
    /// The value before the change, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_value: Option<String>,
    /// The value after the change. Absent if the option was removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_value: Option<String>,
}

/// The changes of one write.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Revision {
    /// The number of the revision, from 1.
    pub version: u64,
    /// The time of the write.
    pub timestamp: Timestamp,
    /// The purpose of the write. Empty for a plain change.
    pub name: String,
    /// What changed.
    pub changes: Vec<Revised>,
}

/// All revisions that are kept, oldest first. It skips a revision that it cannot parse: a client can
/// write to these keys.
pub(super) fn all(storage: &dyn Storage) -> Vec<Revision> {
    let found = storage.range(PREFIX).into_iter();
    found.filter_map(|(_, entry)| serde_json::from_slice(&entry.value).ok()).collect()
}

/// The last version. 0 if no option was ever changed.
pub(super) fn last(storage: &dyn Storage) -> u64 {
    let found = storage.range(PREFIX);
    let number = |key: &str| key.strip_prefix(PREFIX)?.parse().ok();
    found.iter().rev().find_map(|(key, _)| number(key)).unwrap_or(0)
}

/// Adds a revision to the transaction that makes its changes.
pub(super) fn record(transaction: Transaction, revision: &Revision) -> Transaction {
    // Texts and numbers always serialize.
    let text = serde_json::to_vec(revision).unwrap_or_default();
    let transaction = transaction.put(&key(revision.version), text);
    match revision.version.checked_sub(KEPT) {
        Some(old) => transaction.delete(&key(old)),
        None => transaction,
    }
}

fn key(version: u64) -> String {
    format!("{PREFIX}{version:010}")
}
