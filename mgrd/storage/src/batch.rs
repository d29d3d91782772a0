//! The joint effect of several transactions.

use std::collections::HashMap;

use super::entry::{Entry, Key};
use super::error::CommitError;
use super::image::Image;
use super::transaction::{Committed, Op, Transaction};
use super::watch::Change;

/// The state of keys; `None` means that a key does not exist.
pub(crate) type Entries = HashMap<Key, Option<Entry>>;

/// The joint effect of several transactions. Each is checked after the effects of those before it.
pub(crate) struct Batch<'a> {
    image: &'a Image,
    /// The state of each touched key after the batch.
    pub(crate) entries: Entries,
    pub(crate) changes: Vec<Change>,
    pub(crate) revision: u64,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(image: &'a Image) -> Self {
        let revision = image.revision();
        Self { image, entries: Entries::new(), changes: Vec::new(), revision }
    }

    fn current(&self, key: &str) -> Option<Entry> {
        match self.entries.get(key) {
            Some(entry) => entry.clone(),
            None => self.image.get(key),
        }
    }

    /// The number of bytes that it writes.
    pub(crate) fn bytes(&self) -> usize {
        let value = |change: &Change| change.value.as_ref().map_or(0, |value| value.len());
        self.changes.iter().map(|change| change.key.len() + value(change)).sum()
    }

    /// Adds a transaction if its preconditions hold, and else changes nothing.
    pub(crate) fn add(&mut self, transaction: &Transaction) -> Result<Committed, CommitError> {
        for precondition in &transaction.preconditions {
            let key = precondition.key();
            if !precondition.holds(self.current(key).as_ref()) {
                return Err(CommitError::PreconditionFailed { key: Key::clone(key) });
            }
        }
        let revision = self.revision + 1;
        for op in &transaction.ops {
            let (key, value) = match op {
                Op::Put(key, value) => (key, Some(value.clone())),
                Op::Delete(key) if self.current(key).is_some() => (key, None),
                Op::Delete(_) => continue,
            };
            let entry = value.clone().map(|value| Entry { value, revision });
            self.entries.insert(Key::clone(key), entry);
            self.changes.push(Change { key: Key::clone(key), value, revision });
            self.revision = revision;
        }
        Ok(Committed { revision: self.revision })
    }
}
