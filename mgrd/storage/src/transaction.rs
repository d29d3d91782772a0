//! Writes that happen together, and their preconditions.

use bytes::Bytes;

use super::entry::{Entry, Key};
use super::error::CommitError;
use super::usage::Usage;

/// The longest key, in bytes.
pub(crate) const MAX_KEY_BYTES: usize = 4096;
/// The most bytes of keys and values that one transaction may write.
pub(crate) const MAX_TRANSACTION_BYTES: usize = 64 << 20;

/// A condition that must hold for a transaction to be written.
///
/// It is part of the contract, and the conformance suite defines it. `mgrd` itself needs none today,
/// because only the active manager writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The key does not exist.
    Absent(Key),
    /// The key has this value.
    Value(Key, Bytes),
    /// The key was last written by this revision.
    Revision(Key, u64),
}

impl Precondition {
    /// The key of the condition.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Absent(key) | Self::Value(key, _) | Self::Revision(key, _) => key,
        }
    }

    pub(super) fn holds(&self, current: Option<&Entry>) -> bool {
        match self {
            Self::Absent(_) => current.is_none(),
            Self::Value(_, value) => current.is_some_and(|entry| entry.value == *value),
            Self::Revision(_, revision) => current.is_some_and(|e| e.revision == *revision),
        }
    }
}

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    /// Sets a key.
    Put(Key, Bytes),
    /// Removes a key; removing one that does not exist changes nothing.
    Delete(Key),
}

impl Op {
    fn key(&self) -> &Key {
        match self {
            Self::Put(key, _) | Self::Delete(key) => key,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Self::Put(key, value) => key.len() + value.len(),
            Self::Delete(key) => key.len(),
        }
    }
}

/// Writes that happen together, if all preconditions hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    pub(super) preconditions: Vec<Precondition>,
    pub(super) ops: Vec<Op>,
}

impl Transaction {
    /// An empty transaction.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a write of `key`.
    #[must_use]
    pub fn put(mut self, key: &str, value: impl Into<Bytes>) -> Self {
        self.ops.push(Op::Put(key.into(), value.into()));
        self
    }

    /// Adds a removal of `key`.
    #[must_use]
    pub fn delete(mut self, key: &str) -> Self {
        self.ops.push(Op::Delete(key.into()));
        self
    }

    /// Adds a precondition.
    #[must_use]
    pub fn require(mut self, precondition: Precondition) -> Self {
        self.preconditions.push(precondition);
        self
    }

    /// How many keys and bytes it writes or removes.
    #[must_use]
    pub fn size(&self) -> Usage {
        Usage { keys: self.ops.len(), bytes: self.ops.iter().map(Op::bytes).sum() }
    }

    pub(super) fn check_size(&self) -> Result<(), CommitError> {
        if let Some(key) = self.ops.iter().map(Op::key).find(|key| key.len() > MAX_KEY_BYTES) {
            let start = key.chars().take(40).collect();
            return Err(CommitError::KeyTooLong { start, limit: MAX_KEY_BYTES });
        }
        match self.size().bytes {
            0..=MAX_TRANSACTION_BYTES => Ok(()),
            bytes => Err(CommitError::TooLarge { bytes, limit: MAX_TRANSACTION_BYTES }),
        }
    }
}

/// The acknowledgement of a durable transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Committed {
    /// Its revision; the last revision if nothing changed.
    pub revision: u64,
}
