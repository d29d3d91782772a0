//! A copy of keys and values that the host keeps up to date.

use std::collections::BTreeMap;

use mgrd_proto::v1::Entry;
use parking_lot::RwLock;

/// How many removed keys are kept before the oldest half is dropped. A removed key only guards
/// against a push that is older than the removal and arrives after it.
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
    /// The newest snapshot at the time when the entry last arrived.
    snapshot: u64,
}

impl Mirror {
    pub(crate) fn new(entries: Vec<Entry>) -> Self {
        let mirror = Self::default();
        mirror.apply(entries);
        mirror
    }

    /// Takes in the entries that are newer than those in the mirror.
    pub(crate) fn apply(&self, entries: impl IntoIterator<Item = Entry>) {
        let mut inner = self.0.write();
        for entry in entries {
            inner.apply(entry);
        }
        if inner.removed > TOMBSTONES {
            inner.forget();
        }
    }

    /// Takes in a part of the snapshot of this revision. The last part removes each entry that no
    /// part named, unless the entry is newer than the snapshot.
    pub(crate) fn take_part(&self, revision: u64, entries: Vec<Entry>, last: bool) {
        self.0.write().snapshot = revision;
        self.apply(entries);
        if last {
            let mut inner = self.0.write();
            inner
                .entries
                .retain(|_, entry| entry.snapshot == revision || entry.revision > revision);
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
        let snapshot = self.snapshot;
        let known = self.entries.get_mut(&key);
        let was_removed = known.as_ref().is_some_and(|known| known.value.is_none());
        if let Some(known) = known.filter(|known| known.revision > revision) {
            known.snapshot = snapshot;
            return;
        }
        self.removed = self.removed + usize::from(value.is_none()) - usize::from(was_removed);
        self.entries.insert(key, Versioned { value, revision, snapshot });
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
