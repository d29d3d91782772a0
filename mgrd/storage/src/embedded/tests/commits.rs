//! Preconditions, group commit, order, fencing and faults.

use std::io;
use std::path::Path;
use std::sync::Arc;

use redb::Database;

use super::disk::Disk;
use super::*;
use crate::backend::Stored;
use crate::embedded::source::{self, Open, Read, Source};
use crate::embedded::stop::Stop;
use crate::embedded::tables;

fn on(disk: &Disk) -> EmbeddedStorage {
    disk.initialise();
    disk.storage()
}

#[tokio::test]
async fn a_failed_precondition_names_its_key_and_writes_nothing() {
    let storage = EmbeddedStorage::in_memory().unwrap();
    let first = put(&storage, "a", "1").await.unwrap();
    let stale = Precondition::Revision("a".into(), first.revision + 1);
    let wrong = Precondition::Value("a".into(), "2".into());
    for precondition in [Precondition::Absent("a".into()), stale, wrong] {
        let write = Transaction::new().put("b", "x").require(precondition);
        let refused = storage.commit(write).await;
        assert_eq!(refused, Err(CommitError::PreconditionFailed { key: "a".into() }));
    }
    let met = Transaction::new()
        .require(Precondition::Absent("b".into()))
        .require(Precondition::Value("a".into(), "1".into()))
        .require(Precondition::Revision("a".into(), first.revision))
        .put("b", "y");
    assert_eq!(storage.commit(met).await.unwrap().revision, first.revision + 1);
    assert_eq!(content(&storage), [("a".into(), "1".into()), ("b".into(), "y".into())]);
}

#[tokio::test]
async fn deleting_a_missing_key_makes_no_revision() {
    let storage = EmbeddedStorage::in_memory().unwrap();
    let before = put(&storage, "a", "1").await.unwrap();
    let mut watch = storage.watch("");
    let nothing = storage.commit(Transaction::new().delete("b")).await.unwrap();
    assert_eq!(nothing, before);
    storage.commit(Transaction::new().delete("a")).await.unwrap();
    let gone = Change { key: "a".into(), value: None, revision: before.revision + 1 };
    assert_eq!(watch.next().await, Some(WatchEvent::Change(gone)));
}

#[tokio::test]
async fn waiting_writers_share_a_sync_and_a_failed_one_does_not_affect_the_others() {
    let disk = Disk::default();
    let storage = Arc::new(on(&disk));
    disk.freeze(true);
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..300 {
        let storage = Arc::clone(&storage);
        writers.spawn(async move {
            let key = format!("k{}", n % 200);
            let once = Transaction::new().put(&key, n.to_string());
            storage.commit(once.require(Precondition::Absent(key.as_str().into()))).await
        });
        if n == 0 {
            disk.until_holding().await;
        }
    }
    while storage.queued() < 299 {
        tokio::task::yield_now().await;
    }
    assert_eq!(storage.range(""), [], "nothing is visible before it is durable");
    let syncs = disk.syncs();
    disk.freeze(false);
    let answers = writers.join_all().await;
    let accepted = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!((accepted, storage.range("").len()), (200, 200));
    assert!(disk.syncs() - syncs <= 4, "{} syncs for 300 writers", disk.syncs() - syncs);
}

#[tokio::test]
async fn one_commit_costs_one_sync() {
    let disk = Disk::default();
    let storage = on(&disk);
    put(&storage, "warm", "up").await.unwrap();
    let before = disk.syncs();
    put(&storage, "a", "1").await.unwrap();
    assert_eq!(disk.syncs() - before, 1);
}

fn found(disk: &Disk, kept: bool) -> Vec<(String, String)> {
    content(&disk.after_power_loss(|| kept).storage())
}

#[tokio::test]
async fn after_a_failed_write_reads_work_and_the_next_write_is_tried() {
    let misfortunes: [fn(&Disk, io::ErrorKind); 2] = [Disk::fail, Disk::fail_syncs];
    for misfortune in misfortunes {
        let disk = Disk::default();
        let storage = on(&disk);
        put(&storage, "a", "1").await.unwrap();
        assert_eq!(storage.health(), None);
        let mut watch = storage.watch("");
        misfortune(&disk, io::ErrorKind::StorageFull);
        let full = StorageFault::Full { name: disk::NAME.into() };
        assert_eq!(put(&storage, "a", "2").await, Err(full.clone().into()));
        assert_eq!(put(&storage, "b", "2").await, Err(full.clone().into()));
        assert_eq!(storage.health(), Some(full));
        assert_eq!(content(&storage), [("a".into(), "1".into())]);
        disk.recover();
        put(&storage, "c", "3").await.unwrap();
        assert_eq!(storage.health(), None);
        let expected = [("a".to_owned(), "1".to_owned()), ("c".to_owned(), "3".to_owned())];
        assert_eq!(content(&storage), expected);
        assert_eq!(
            (found(&disk, false), found(&disk, true)),
            (expected.to_vec(), expected.to_vec())
        );
        let Some(WatchEvent::Change(change)) = watch.next().await else { panic!("no change") };
        assert_eq!(&*change.key, "c");
    }
}

/// One database for two storages, as if the lock of the file did not hold.
struct Shared(Arc<Database>);

impl Source for Shared {
    fn name(&self) -> &Path {
        Path::new("d")
    }

    fn check_place(&self) -> Result<(), StorageFault> {
        Ok(())
    }

    fn open(&self, _: Open, known: &Content, _: &Stop) -> Result<Read, FileError> {
        Ok((Arc::clone(&self.0), tables::load(&self.0, known).unwrap()))
    }

    fn inspect(&self) -> Result<Stored, FileError> {
        unreachable!("there is space")
    }
}

#[tokio::test]
async fn a_storage_that_was_opened_earlier_can_no_longer_write() {
    let memory = source::in_memory().unwrap();
    let (database, _) = memory.open(Open::AsItIs, &Content::default(), &Stop::default()).unwrap();
    let storage = || EmbeddedStorage::over(Box::new(Shared(Arc::clone(&database)))).unwrap();
    let old = storage();
    put(&old, "a", "old").await.unwrap();
    let new = storage();
    assert_eq!((old.epoch(), new.epoch()), (1, 2));
    let fault = StorageFault::Fenced { name: "d".into(), held: 1, current: 2 };
    assert_eq!(put(&old, "a", "late").await, Err(fault.clone().into()));
    assert_eq!(old.health(), Some(fault));
    assert_eq!(content(&new), [("a".into(), "old".into())]);
    put(&new, "a", "new").await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_is_too_large_is_refused_before_it_is_queued() {
    let storage = EmbeddedStorage::in_memory().unwrap();
    let long = storage.commit(Transaction::new().put(&"k".repeat(5000), "")).await;
    assert!(matches!(long, Err(CommitError::KeyTooLong { .. })));
    let large = storage.commit(Transaction::new().put("k", vec![0; (64 << 20) + 1])).await;
    assert!(matches!(large, Err(CommitError::TooLarge { .. })));
    assert_eq!(storage.revision(), 0);
}
