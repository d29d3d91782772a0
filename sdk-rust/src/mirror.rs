//! A copy of keys and values that the host keeps current.

use std::collections::BTreeMap;

use mgrd_proto::v1::Entry;
use parking_lot::RwLock;

/// How many removed keys are remembered before the oldest half is forgotten. They only guard
/// against a push that is older than the removal and still on its way.
const TOMBSTONES: usize = 4096;

#[derive(Debug, Default)]
pub(crate) struct Mirror(RwLock<Inner>);

#[derive(Debug, Default)]
struct Inner {
    entries: BTreeMap<String, Versioned>,
    removed: usize,
    /// The revision of the newest snapshot.
    snapshot: u64,
}

#[derive(Debug)]
struct Versioned {
    value: Option<String>,
    revision: u64,
    /// The newest snapshot when the entry was told last.
    told: u64,
}

impl Mirror {
    pub(crate) fn new(entries: Vec<Entry>) -> Self {
        let mirror = Self::default();
        mirror.apply(entries);
        mirror
    }

    /// Takes what is newer than what is here.
    pub(crate) fn apply(&self, entries: impl IntoIterator<Item = Entry>) {
        let mut inner = self.0.write();
        for entry in entries {
            inner.apply(entry);
        }
        if inner.removed > TOMBSTONES {
            inner.forget();
        }
    }

    /// Takes a part of the snapshot of this revision. With the last part, what none of them named
    /// and what is not newer is gone.
    pub(crate) fn take_part(&self, revision: u64, entries: Vec<Entry>, last: bool) {
        self.0.write().snapshot = revision;
        self.apply(entries);
        if last {
            let mut inner = self.0.write();
            inner.entries.retain(|_, entry| entry.told == revision || entry.revision > revision);
            inner.removed = inner.entries.values().filter(|entry| entry.value.is_none()).count();
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<String> {
        self.0.read().entries.get(key)?.value.clone()
    }

    pub(crate) fn prefix(&self, prefix: &str) -> BTreeMap<String, String> {
        let inner = self.0.read();
        inner
            .entries
            .range(prefix.to_owned()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .filter_map(|(key, entry)| Some((key.clone(), entry.value.clone()?)))
            .collect()
    }
}

impl Inner {
    fn apply(&mut self, Entry { key, value, revision }: Entry) {
        let told = self.snapshot;
        let known = self.entries.get_mut(&key);
        let was_removed = known.as_ref().is_some_and(|known| known.value.is_none());
        if let Some(known) = known.filter(|known| known.revision > revision) {
            known.told = told;
            return;
        }
        self.removed = self.removed + usize::from(value.is_none()) - usize::from(was_removed);
        self.entries.insert(key, Versioned { value, revision, told });
    }

    fn forget(&mut self) {
        let mut revisions: Vec<u64> =
            self.entries.values().filter(|e| e.value.is_none()).map(|e| e.revision).collect();
        revisions.sort_unstable();
        let oldest_kept = revisions[revisions.len() / 2];
        self.entries.retain(|_, e| e.value.is_some() || e.revision >= oldest_kept);
        self.removed = self.entries.values().filter(|e| e.value.is_none()).count();
    }
}

#[cfg(test)]
mod tests;
