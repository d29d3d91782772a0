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
mod tests {
    use super::*;

    fn entry(key: &str, value: Option<&str>, revision: u64) -> Entry {
        Entry { key: key.into(), value: value.map(Into::into), revision }
    }

    #[test]
    fn a_late_push_undoes_no_newer_write() {
        let mirror = Mirror::new(vec![entry("a", Some("new"), 5)]);
        mirror.apply([entry("a", Some("old"), 4), entry("b", None, 7), entry("b", Some("old"), 6)]);
        assert_eq!(mirror.get("a").as_deref(), Some("new"));
        assert_eq!(mirror.get("b"), None);
    }

    #[test]
    fn a_snapshot_comes_in_parts_and_what_none_of_them_names_is_gone() {
        let mirror = Mirror::new(vec![
            entry("gone", Some("1"), 1),
            entry("kept", Some("1"), 2),
            entry("own", Some("new"), 9),
            entry("removed", None, 3),
        ]);
        mirror.take_part(5, vec![entry("a", Some("1"), 4)], false);
        mirror.apply([entry("a", Some("2"), 6), entry("pushed", Some("1"), 7)]);
        mirror.take_part(5, vec![entry("kept", Some("1"), 2), entry("own", Some("old"), 4)], true);
        let all = ["a", "kept", "own", "pushed"].map(str::to_owned);
        let values = ["2", "1", "new", "1"].map(str::to_owned);
        assert_eq!(mirror.prefix(""), all.into_iter().zip(values).collect());
    }

    #[test]
    fn a_snapshot_that_is_begun_again_forgets_what_only_its_beginning_named() {
        let mirror = Mirror::default();
        mirror.take_part(5, vec![entry("a", Some("1"), 4)], false);
        mirror.take_part(8, vec![entry("b", Some("1"), 4)], false);
        mirror.take_part(8, vec![], true);
        assert_eq!(mirror.prefix(""), BTreeMap::from([("b".into(), "1".into())]));
    }

    #[test]
    fn a_prefix_ends_where_it_ends() {
        let mirror = Mirror::new(vec![
            entry("a", Some("0"), 1),
            entry("a/1", Some("1"), 1),
            entry("a/2", None, 1),
            entry("a0", Some("2"), 1),
        ]);
        assert_eq!(mirror.prefix("a/"), BTreeMap::from([("a/1".into(), "1".into())]));
    }

    #[test]
    fn removed_keys_are_not_remembered_for_ever() {
        let mirror = Mirror::default();
        for revision in 0..3 * TOMBSTONES as u64 {
            mirror.apply([entry(&revision.to_string(), None, revision)]);
        }
        assert!(mirror.0.read().entries.len() <= TOMBSTONES);
    }
}
