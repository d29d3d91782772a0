//! What was changed when, so that it can be looked up and taken back.

use jiff::Timestamp;
use mgrd_storage::{Storage, Transaction};
use serde::{Deserialize, Serialize};

const PREFIX: &str = "config-history/";
/// How many versions are kept.
const KEPT: u64 = 1000;

/// One change of one option.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Revised {
    /// `<section>/<option>`.
    pub name: String,
    /// What it was, if it was set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_value: Option<String>,
    /// What it became, if it is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_value: Option<String>,
}

/// What was changed in one go.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Revision {
    /// Counts up from 1.
    pub version: u64,
    /// When.
    pub timestamp: Timestamp,
    /// What for; empty for a plain change.
    pub name: String,
    /// What.
    pub changes: Vec<Revised>,
}

/// All kept revisions, oldest first. One that cannot be read (a client may write there) is left
/// out.
pub(super) fn all(storage: &dyn Storage) -> Vec<Revision> {
    let found = storage.range(PREFIX).into_iter();
    found.filter_map(|(_, entry)| serde_json::from_slice(&entry.value).ok()).collect()
}

/// The last version; 0 if nothing was ever changed.
pub(super) fn last(storage: &dyn Storage) -> u64 {
    let found = storage.range(PREFIX);
    let number = |key: &str| key.strip_prefix(PREFIX)?.parse().ok();
    found.iter().rev().find_map(|(key, _)| number(key)).unwrap_or(0)
}

/// Adds a revision to the transaction that makes its changes.
pub(super) fn record(transaction: Transaction, revision: &Revision) -> Transaction {
    // A struct of texts and numbers always serialises.
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
