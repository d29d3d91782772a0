//! A disk without space: what does not fit is refused, and takes no space from what does.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::disk::{Disk, NAME};
use super::*;
use crate::backend::Stored;
use crate::embedded::error::FileError;
use crate::embedded::source::{Open, Read, Source};
use crate::embedded::stop::Stop;

const MIB: usize = 1 << 20;

fn small_disk(bytes: usize) -> Disk {
    let disk = Disk::default();
    disk.initialise();
    disk.limit(Some(bytes));
    disk
}

async fn put_bytes(storage: &EmbeddedStorage, key: &str, bytes: usize) -> Result<(), CommitError> {
    storage.commit(Transaction::new().put(key, vec![b'x'; bytes])).await.map(drop)
}

#[tokio::test]
async fn a_write_that_does_not_fit_leaves_room_for_smaller_ones() {
    let disk = small_disk(4 * MIB);
    let storage = disk.storage();
    put(&storage, "a", "1").await.unwrap();
    put(&storage, "gone", "soon").await.unwrap();
    for _ in 0..3 {
        let refused = put_bytes(&storage, "large", 3 * MIB).await.unwrap_err();
        let no_room = CommitError::NoRoom { name: NAME.into(), bytes: 3 * MIB + 5 };
        assert_eq!(refused, no_room);
        assert_eq!(storage.health(), None, "smaller writes fit");
        assert_eq!(storage.no_room(), Some(3 * MIB + 5), "this one does not");
        assert!(disk.used() < MIB / 2, "{} bytes are still in use", disk.used());
    }
    storage.commit(Transaction::new().delete("gone")).await.unwrap();
    put_bytes(&storage, "medium", MIB).await.unwrap();
    put(&storage, "b", "2").await.unwrap();
    assert_eq!(storage.no_room(), Some(3 * MIB + 5), "only smaller ones have fitted");
    disk.limit(Some(16 * MIB));
    put_bytes(&storage, "large", 3 * MIB).await.unwrap();
    assert_eq!(storage.no_room(), None);
    storage.commit(Transaction::new().delete("large")).await.unwrap();
    disk.limit(Some(4 * MIB));
    drop(storage);
    let storage = disk.storage();
    assert_eq!(storage.get("medium").unwrap().value.len(), MIB);
    storage.commit(Transaction::new().delete("medium")).await.unwrap();
    let expected = [("a".to_owned(), "1".to_owned()), ("b".to_owned(), "2".to_owned())];
    assert_eq!(content(&storage), expected);
}

/// A disk without space, which has some as soon as unused space is released.
struct Gains {
    disk: Disk,
    source: Box<dyn Source>,
}

impl Source for Gains {
    fn name(&self) -> &Path {
        self.source.name()
    }

    fn check_place(&self) -> Result<(), StorageFault> {
        self.source.check_place()
    }

    fn open(&self, how: Open, known: &Content, stop: &Stop) -> Result<Read, FileError> {
        if how == Open::ReleasingSpace {
            self.disk.limit(Some(4 * MIB));
        }
        self.source.open(how, known, stop)
    }

    fn inspect(&self) -> Result<Stored, FileError> {
        self.source.inspect()
    }
}

#[tokio::test]
async fn a_write_is_refused_only_if_it_does_not_fit_after_the_release_of_unused_space() {
    let disk = small_disk(4 * MIB);
    let source = Box::new(disk.source());
    let storage = EmbeddedStorage::over(Box::new(Gains { disk: disk.clone(), source })).unwrap();
    put(&storage, "a", "1").await.unwrap();
    disk.limit(None);
    put_bytes(&storage, "medium", MIB).await.unwrap();
    assert_eq!(storage.health(), None);
    // What does not fit at all is refused as before.
    put_bytes(&storage, "large", 5 * MIB).await.unwrap_err();
}

#[tokio::test]
async fn a_disk_that_an_unfinished_write_filled_is_usable_after_a_crash() {
    let disk = small_disk(4 * MIB);
    let storage = disk.storage();
    put(&storage, "a", "1").await.unwrap();
    put_bytes(&storage, "large", 3 * MIB).await.unwrap_err();
    let found = disk.when_full().unwrap();
    assert_eq!(found.used(), 4 * MIB, "nothing is left");
    let after = found.storage();
    assert_eq!(after.health(), None);
    assert_eq!(content(&after), [("a".to_owned(), "1".to_owned())]);
    put(&after, "a", "2").await.unwrap();
    after.commit(Transaction::new().delete("a")).await.unwrap();
    assert!(found.used() < MIB / 2, "{} bytes are still in use", found.used());
}

#[tokio::test]
async fn a_storage_on_a_full_disk_can_be_read_and_writes_once_there_is_space() {
    let disk = small_disk(4 * MIB);
    let storage = disk.storage();
    put(&storage, "a", "1").await.unwrap();
    let epoch = storage.epoch();
    drop(storage);
    // Others have filled the disk, and take all that an opening releases.
    disk.limit(Some(0));
    let storage = disk.storage();
    let full = StorageFault::Full { name: NAME.into() };
    assert_eq!(storage.health(), Some(full.clone()));
    assert_eq!(content(&storage), [("a".to_owned(), "1".to_owned())]);
    assert_eq!(storage.epoch(), epoch + 1);
    assert_eq!(put(&storage, "a", "2").await, Err(full.clone().into()));
    let nothing = Transaction::new().delete("not there");
    assert_eq!(storage.commit(nothing).await, Err(full.into()));
    disk.limit(Some(4 * MIB));
    put(&storage, "a", "3").await.unwrap();
    assert_eq!(storage.health(), None);
    drop(storage);
    let storage = disk.storage();
    assert_eq!(storage.epoch(), epoch + 2);
    assert_eq!(content(&storage), [("a".to_owned(), "3".to_owned())]);
}

#[tokio::test]
async fn of_two_storages_without_a_written_epoch_only_the_first_writer_can_write() {
    let disk = small_disk(4 * MIB);
    drop(disk.storage());
    disk.limit(Some(0));
    let (one, two) = (disk.storage(), disk.storage());
    disk.limit(Some(4 * MIB));
    put(&two, "a", "two").await.unwrap();
    // The test disk has no lock that would keep the first one out until then.
    two.close().await;
    let fault = StorageFault::Fenced { name: NAME.into(), held: 2, current: 2 };
    assert_eq!(put(&one, "a", "one").await, Err(fault.into()));
    drop(one);
    assert_eq!(content(&disk.storage()), [("a".to_owned(), "two".to_owned())]);
}

#[tokio::test]
async fn a_large_write_that_fails_does_not_fail_a_small_one() {
    let disk = small_disk(4 * MIB);
    let storage = Arc::new(disk.storage());
    put(&storage, "warm", "up").await.unwrap();
    disk.freeze(true);
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..20 {
        let storage = Arc::clone(&storage);
        let bytes = if n == 10 { 3 * MIB } else { 100 };
        writers.spawn(async move { (n, put_bytes(&storage, &format!("k{n}"), bytes).await) });
        if n == 0 {
            disk.until_holding().await;
        }
    }
    while storage.queued() < 19 {
        tokio::task::yield_now().await;
    }
    disk.freeze(false);
    for (n, answer) in writers.join_all().await {
        assert_eq!(answer.is_ok(), n != 10, "{n}: {answer:?}");
    }
    assert_eq!(storage.range("k").len(), 19);
}

#[derive(Clone, Debug)]
enum Step {
    Put {
        key: u8,
        kib: usize,
    },
    Delete {
        key: u8,
    },
    Reopen,
    /// Every so many of the writes that were not synced are lost.
    PowerLoss {
        lost: usize,
    },
}

fn sizes(storage: &EmbeddedStorage) -> BTreeMap<String, usize> {
    let all = storage.range("").into_iter();
    all.map(|(key, entry)| (key.to_string(), entry.value.len())).collect()
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let put = |key, kib| (key, kib).prop_map(|(key, kib)| Step::Put { key, kib });
    let step = prop_oneof![
        3 => put(0u8..4, 0usize..4),
        3 => put(0u8..4, 4usize..60),
        1 => put(4u8..5, 60usize..250),
        1 => put(0u8..4, 600usize..1000),
        2 => (0u8..5).prop_map(|key| Step::Delete { key }),
        1 => Just(Step::Reopen),
        1 => (1usize..4).prop_map(|lost| Step::PowerLoss { lost }),
    ];
    prop::collection::vec(step, 1..25)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn whatever_did_not_fit_a_small_write_does(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut disk = small_disk(MIB);
        let mut storage = disk.storage();
        let mut model = BTreeMap::<String, usize>::new();
        for step in steps {
            let mut crashed = false;
            let (key, value) = match step {
                Step::Put { key, kib } => (key.to_string(), Some(kib << 10)),
                Step::Delete { key } => (key.to_string(), None),
                Step::Reopen => {
                    drop(storage);
                    storage = disk.storage();
                    prop_assert_eq!(storage.health(), None);
                    continue;
                }
                Step::PowerLoss { lost } => {
                    let mut writes = 0..;
                    let found = disk.after_power_loss(|| {
                        writes.next().is_some_and(|write| write % lost != 0)
                    });
                    drop(storage);
                    disk = found;
                    storage = disk.storage();
                    prop_assert_eq!(storage.health(), None);
                    prop_assert_eq!(&sizes(&storage), &model);
                    continue;
                }
            };
            let write = match value {
                Some(bytes) => Transaction::new().put(&key, vec![b'x'; bytes]),
                None => Transaction::new().delete(&key),
            };
            // It may have been full for a moment before.
            drop(disk.when_full());
            match runtime.block_on(storage.commit(write)) {
                Ok(_) => {
                    model.remove(&key);
                    model.extend(value.map(|bytes| (key, bytes)));
                }
                Err(CommitError::NoRoom { .. }) => crashed = true,
                Err(other) => prop_assert!(false, "{}", other),
            }
            if let Some(found) = disk.when_full().filter(|_| crashed) {
                drop(storage);
                disk = found;
                storage = disk.storage();
                prop_assert_eq!(storage.health(), None);
            }
            let small = runtime.block_on(put(&storage, "small", "1"));
            prop_assert!(small.is_ok(), "{:?}", small);
            model.insert("small".to_owned(), 1);
            prop_assert_eq!(&sizes(&storage), &model);
        }
    }
}
