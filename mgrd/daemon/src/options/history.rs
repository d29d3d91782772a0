//! The history of changes, so that an operator can look up a change and revert it.

use jiff::Timestamp;
use mgrd_storage::{Storage, Transaction};
use serde::{Deserialize, Serialize};

const PREFIX: &str = "config-history/";
/// The number of versions that are kept, if they fit.
const KEPT: u64 = 1000;
/// The digits of a version in its key. Other keys are ignored.
const DIGITS: usize = 10;

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

/// All revisions that are kept, oldest first. It skips what is not the revision of its key, in a storage
/// file that was edited.
pub(super) fn all(storage: &dyn Storage) -> Vec<Revision> {
    let found = storage.range(PREFIX).into_iter();
    let parsed = found.filter_map(|(key, entry)| {
        let revision: Revision = serde_json::from_slice(&entry.value).ok()?;
        (version(&key) == Some(revision.version)).then_some(revision)
    });
    parsed.collect()
}

/// The last version. 0 if no option was ever changed.
pub(super) fn last(storage: &dyn Storage) -> u64 {
    let found = storage.range(PREFIX);
    found.iter().rev().find_map(|(key, _)| version(key)).unwrap_or(0)
}

/// Adds a revision to the transaction that makes its changes. The oldest ones are removed: of more
/// than [`KEPT`], and while all together have more than `limit` bytes.
pub(super) fn record(
    storage: &dyn Storage,
    transaction: Transaction,
    revision: &Revision,
    limit: usize,
) -> Transaction {
    // Texts and numbers always serialize.
    let text = serde_json::to_vec(revision).unwrap_or_default();
    let kept = revision.version.saturating_sub(KEPT);
    let mut bytes = text.len();
    let mut transaction = transaction.put(&key(revision.version), text);
    for (key, entry) in storage.range(PREFIX).iter().rev() {
        let Some(version) = version(key) else { continue };
        bytes = bytes.saturating_add(entry.value.len());
        if version <= kept || bytes > limit {
            transaction = transaction.delete(key);
        }
    }
    transaction
}

fn version(key: &str) -> Option<u64> {
    let digits = key.strip_prefix(PREFIX)?;
    let is_number = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|version| is_number && *version > 0)
}

fn key(version: u64) -> String {
    format!("{PREFIX}{version:0DIGITS$}")
}
