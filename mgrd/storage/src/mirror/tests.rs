use super::*;
use crate::embedded::EmbeddedStorage;
use crate::watch::{Watch, WatchEvent};

async fn put(storage: &EmbeddedStorage, key: &str, value: &str) {
    storage.commit(Transaction::new().put(key, value.to_owned())).await.unwrap();
}

fn change(key: &str, value: Option<&str>, revision: u64) -> Change {
    Change { key: key.into(), value: value.map(|value| value.to_owned().into()), revision }
}

async fn next(watch: &mut Watch, count: usize) -> Vec<Change> {
    let mut changes = Vec::new();
    while changes.len() < count {
        match watch.next().await {
            Some(WatchEvent::Change(change)) => changes.push(change),
            other => panic!("{other:?}"),
        }
    }
    changes
}

#[tokio::test]
async fn it_shows_the_content_and_sends_watchers_what_differs() {
    let storage = EmbeddedStorage::in_memory().unwrap();
    put(&storage, "a", "1").await;
    put(&storage, "b", "1").await;
    let mirror = MirrorStorage::default();
    let mut watch = mirror.watch("");
    mirror.replace(storage.origin(), storage.content());
    assert_eq!(mirror.range(""), storage.range(""));
    assert_eq!(mirror.revision(), storage.revision());
    assert_eq!(next(&mut watch, 2).await, [change("a", Some("1"), 1), change("b", Some("1"), 2)]);

    put(&storage, "b", "2").await;
    storage.commit(Transaction::new().delete("a")).await.unwrap();
    mirror.replace(storage.origin(), storage.content());
    assert_eq!(next(&mut watch, 2).await, [change("a", None, 4), change("b", Some("2"), 3)]);
    assert_eq!(mirror.content(), storage.content());
}

#[tokio::test]
async fn a_change_that_is_older_than_the_content_is_ignored() {
    let storage = EmbeddedStorage::in_memory().unwrap();
    put(&storage, "a", "1").await;
    put(&storage, "a", "2").await;
    let mirror = MirrorStorage::default();
    mirror.replace(storage.origin(), storage.content());
    mirror.apply(vec![change("a", Some("1"), 1), change("b", Some("3"), 3)]);
    assert_eq!(mirror.get("a").unwrap().value, "2");
    assert_eq!(mirror.get("b").unwrap().value, "3");
    assert_eq!(mirror.revision(), 3);
}

#[tokio::test]
async fn it_refuses_writes_and_names_the_active_manager() {
    let mirror = MirrorStorage::default();
    let refused = async || mirror.commit(Transaction::new().put("a", "1")).await.unwrap_err();
    assert_eq!(refused().await, CommitError::Standby { active: None });
    mirror.set_active(Some("x".to_owned()));
    assert!(refused().await.to_string().contains("'x'"));
    assert_eq!(mirror.get("a"), None);
}
