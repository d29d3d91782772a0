//! A module's mirror, fed by a snapshot in parts and by the changes meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::FutureExt;
use mgrd_storage::embedded::EmbeddedStorage;

use super::*;
use crate::options::Limits;
use crate::store::{KeyLimits, Store, StoreLimits};

const MIB: usize = 1 << 20;

/// What a module sees of its options and store.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    options: BTreeMap<String, (Option<String>, u64)>,
    store: BTreeMap<String, (Option<String>, u64)>,
    parts: usize,
    last: bool,
}

impl Seen {
    fn take(&mut self, message: To) {
        match message {
            To::Snapshot(part) => {
                self.parts += 1;
                self.last = part.last;
                apply(&mut self.options, part.options);
                apply(&mut self.store, part.store);
            }
            To::OptionsChanged(changed) => apply(&mut self.options, changed.options),
            To::StoreChanged(changed) => apply(&mut self.store, changed.entries),
            other => panic!("{other:?}"),
        }
    }

    fn value(&self, key: &str) -> Option<&str> {
        self.store.get(key)?.0.as_deref()
    }
}

/// As a module does: the higher revision counts.
fn apply(seen: &mut BTreeMap<String, (Option<String>, u64)>, entries: Vec<v1::Entry>) {
    for entry in entries {
        let known = seen.get(&entry.key).map_or(0, |(_, revision)| *revision);
        if entry.revision >= known {
            seen.insert(entry.key, (entry.value, entry.revision));
        }
    }
}

struct Place {
    options: Options,
    store: ModuleStore,
}

impl Place {
    fn new() -> Self {
        let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
        let limits =
            StoreLimits { store_bytes: 1 << 30, store_keys: 1 << 20, store_value_bytes: 1 << 30 };
        let store =
            Store::new(storage.clone(), limits, KeyLimits::default(), Arc::default()).module("m");
        Self { options: Options::new(storage, "x", Limits::default()), store }
    }

    fn mirror(&self, takes_parts: bool) -> Mirror {
        Mirror::new("m", self.options.clone(), self.store.clone(), takes_parts)
    }

    async fn set(&self, key: &str, value: impl Into<Option<&str>>) {
        self.store.set(key, value.into()).await.unwrap();
    }

    async fn fill(&self, keys: &[&str], bytes: usize) {
        for key in keys {
            self.set(key, &*key.repeat(bytes)).await;
        }
    }
}

/// The next message, if there is one now.
fn next(mirror: &mut Mirror) -> Option<To> {
    mirror.next().now_or_never().map(|message| message.unwrap())
}

fn take_all(mirror: &mut Mirror, seen: &mut Seen) {
    while let Some(message) = next(mirror) {
        seen.take(message);
    }
}

#[tokio::test]
async fn of_an_empty_store_one_part_comes_and_it_is_the_last() {
    let mut mirror = Place::new().mirror(true);
    mirror.send_snapshot();
    let mut seen = Seen::default();
    take_all(&mut mirror, &mut seen);
    assert_eq!(seen, Seen { parts: 1, last: true, ..Seen::default() });
}

#[tokio::test]
async fn parts_are_bounded_and_a_single_entry_may_exceed_that() {
    let place = Place::new();
    place.options.set("mgr", "mgr/m/o", "1", true).await.unwrap();
    place.fill(&["a", "b", "c"], MIB / 3).await;
    place.fill(&["d"], 5 * MIB).await;
    place.fill(&["e"], 1).await;
    let mut mirror = place.mirror(true);
    mirror.send_snapshot();
    let mut parts = Vec::new();
    while let Some(To::Snapshot(part)) = next(&mut mirror) {
        let keys = part.options.iter().chain(&part.store).map(|entry| entry.key.as_str());
        parts.push((keys.collect::<String>(), part.revision == place.store.revision(), part.last));
    }
    let expected = [("o", false), ("ab", false), ("c", false), ("d", false), ("e", true)];
    assert_eq!(parts, expected.map(|(keys, last)| (keys.to_owned(), true, last)));
}

#[tokio::test]
async fn changes_during_the_transfer_come_before_the_next_part_and_none_is_undone() {
    let place = Place::new();
    place.fill(&["a", "b", "c", "d"], MIB).await;
    let mut mirror = place.mirror(true);
    mirror.send_snapshot();
    let mut seen = Seen::default();
    seen.take(next(&mut mirror).unwrap());
    assert_eq!(seen.value("a"), Some(&*"a".repeat(MIB)));
    // Sent already, being sent later, removed before it is sent, new.
    place.set("a", "1").await;
    place.set("c", "3").await;
    place.set("d", None).await;
    place.set("0", "0").await;
    place.options.set("mgr", "mgr/m/o", "1", true).await.unwrap();
    let mut order = String::new();
    while let Some(message) = next(&mut mirror) {
        order.push(if matches!(message, To::Snapshot(_)) { 'p' } else { 'c' });
        seen.take(message);
    }
    assert_eq!((order.as_str(), seen.last), ("cccccpp", true));
    let now = ["0", "a", "b", "c", "d"].map(|key| seen.value(key).map(str::to_owned));
    let text = |value: &str| Some(value.to_owned());
    assert_eq!(now, [text("0"), text("1"), text(&"b".repeat(MIB)), text("3"), None]);
    assert_eq!(seen.options["o"].0.as_deref(), Some("1"));
}

/// So many changes that a watch drops some.
async fn flood(place: &Place) {
    place.set("gone", None).await;
    for n in 0..1100 {
        place.set("a", &*n.to_string()).await;
    }
}

#[tokio::test]
async fn a_module_that_missed_changes_gets_another_snapshot() {
    let place = Place::new();
    place.fill(&["gone", "a"], 1).await;
    let mut mirror = place.mirror(true);
    flood(&place).await;
    let mut seen = Seen::default();
    take_all(&mut mirror, &mut seen);
    assert_eq!((seen.parts, seen.last, seen.value("a")), (1, true, Some("1099")));
}

#[tokio::test]
async fn a_module_that_does_not_know_parts_gets_the_same_as_changes() {
    let place = Place::new();
    place.options.set("mgr", "mgr/m/o", "1", true).await.unwrap();
    place.fill(&["gone", "a"], 1).await;
    let mut mirror = place.mirror(false);
    flood(&place).await;
    let mut seen = Seen::default();
    take_all(&mut mirror, &mut seen);
    assert_eq!((seen.parts, seen.value("a")), (0, Some("1099")));
    assert_eq!(seen.options["o"].0.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_snapshot_is_one_message_if_it_fits() {
    let place = Place::new();
    place.options.set("mgr", "mgr/m/o", "1", true).await.unwrap();
    place.fill(&["a", "b"], MIB).await;
    let mirror = place.mirror(false);
    let whole = mirror.snapshot().whole(3 * MIB).unwrap();
    assert_eq!((whole.options.len(), whole.store.len()), (1, 2));
    assert!(mirror.snapshot().whole(MIB).is_none());
}
