//! What is read from the disk shares memory with what is known, and the disk decides.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::disk::Disk;
use super::*;
use crate::embedded::source::{Open, Source};
use crate::embedded::stop::Stop;
use crate::embedded::tables;
use crate::entry::{Entry, Key};

/// Some keys, each with the number of a value and a revision.
fn some_entries() -> impl Strategy<Value = BTreeMap<String, (u8, u64)>> {
    proptest::collection::btree_map("[a-d]{1,3}", (0..3_u8, 1..3_u64), 0..12)
}

fn content_of(entries: BTreeMap<String, (u8, u64)>) -> Content {
    let entry = |(value, revision): (u8, u64)| Entry { value: vec![value; 100].into(), revision };
    let entries = entries.into_iter().map(|(key, what)| (Key::from(key), entry(what))).collect();
    Content { entries, revision: 3 }
}

/// A disk with this content.
fn disk_with(content: &Content) -> Disk {
    let disk = Disk::default();
    disk.initialise();
    let (database, _) =
        disk.source().open(Open::AsItIs, &Content::default(), &Stop::default()).unwrap();
    let entries = content.entries.iter().map(|(key, entry)| (Key::clone(key), Some(entry.clone())));
    let entries = entries.collect::<Vec<_>>();
    let write = database.begin_write().unwrap();
    tables::stamp(&write, 1, content.revision).unwrap();
    tables::write_entries(&write, entries.iter().map(|(key, entry)| (key, entry))).unwrap();
    write.commit().unwrap();
    disk
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_is_known_the_content_of_the_disk_is_read(
        stored in some_entries(), known in some_entries(),
    ) {
        let (stored, known) = (content_of(stored), content_of(known));
        let (_, read) = disk_with(&stored).source().open(Open::AsItIs, &known, &Stop::default()).unwrap();
        prop_assert_eq!(&read.content, &stored);
        for (key, entry) in &read.content.entries {
            if let Some(same) = known.entries.get(key).filter(|same| *same == entry) {
                prop_assert_eq!(entry.value.as_ptr(), same.value.as_ptr());
            }
        }
    }
}
