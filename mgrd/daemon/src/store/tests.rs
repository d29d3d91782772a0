use std::sync::Arc;

use mgrd_command::{CommandError, Errno};
use mgrd_storage::embedded::EmbeddedStorage;
use mgrd_storage::{Storage, Usage};

use super::limits::COMMAND_VALUE_LIMIT;
use super::module_store::TextPage;
use super::*;

const ROOMY: StoreLimits =
    StoreLimits { store_bytes: 1 << 30, store_keys: 1 << 20, store_value_bytes: 1 << 20 };

fn store() -> Store {
    Store::new(Arc::new(EmbeddedStorage::in_memory().unwrap()), ROOMY, Arc::default())
}

#[tokio::test]
async fn a_module_sees_only_its_own_keys_and_changes_from_outside() {
    let store = store();
    let hello = store.module("hello");
    let mut changes = hello.watch();
    store.module("hello2").set("a", Some("other")).await.unwrap();
    let revision = store.set("mgr/hello/a", "1".into()).await.unwrap();
    let key = || "a".to_owned();
    let event = StoreEvent::Changed { key: key(), value: Some("1".into()), revision };
    assert_eq!(changes.next().await, Some(event));
    assert_eq!(hello.page("", 100).entries, [(key(), ("1".into(), revision))]);
    let revision = hello.set("a", None).await.unwrap();
    let event = StoreEvent::Changed { key: key(), value: None, revision };
    assert_eq!(changes.next().await, Some(event));
    assert!(hello.page("", 100).entries.is_empty());
}

#[tokio::test]
async fn values_have_the_limits_of_ceph() {
    let store = store();
    let large = "x".repeat(COMMAND_VALUE_LIMIT + 1);
    let refused = store.set("k", large.clone().into()).await;
    assert!(matches!(refused, Err(StoreError::TooLarge { bytes: 65537, .. })));
    store.set("k", large[1..].to_owned().into()).await.unwrap();
    let module = store.module("m");
    module.set("k", Some(&large)).await.unwrap();
    assert!(matches!(module.set("k", Some("a\0b")).await, Err(StoreError::NotText { .. })));
    assert!(matches!(module.set("", Some("a")).await, Err(StoreError::EmptyKey)));
    assert_eq!(store.range("mgr/").len(), 1);
}

/// A store of 100 bytes and 3 keys for each module; a key of a test has 7 bytes.
fn small(storage: &Arc<dyn Storage>) -> Store {
    Store::new(
        Arc::clone(storage),
        StoreLimits { store_bytes: 100, store_keys: 3, store_value_bytes: 60 },
        Arc::default(),
    )
}

fn text(bytes: usize) -> String {
    "x".repeat(bytes)
}

#[tokio::test]
async fn a_write_that_exceeds_a_limit_of_the_module_is_refused_and_changes_nothing() {
    let storage: Arc<dyn Storage> = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let store = small(&storage);
    let module = store.module("m");
    module.set("a", Some(&text(60))).await.unwrap();
    let refused = module.set("a", Some(&text(61))).await.unwrap_err();
    assert_eq!(refused.errno(), Errno::EFBIG);
    assert!(refused.to_string().contains("store_value_bytes"), "{refused}");
    let refused = module.set("b", Some(&text(27))).await.unwrap_err();
    assert_eq!(refused.errno(), Errno::ENOSPC);
    for part in ["mgr/m/b", "module 'm'", "101 bytes", "100", "store_bytes"] {
        assert!(refused.to_string().contains(part), "{refused} lacks {part}");
    }
    // The limit of the module also applies when an operator writes.
    assert!(store.set("mgr/m/b", text(27).into()).await.is_err());
    assert_eq!(module.usage(), Usage { keys: 1, bytes: 67 });
    module.set("b", Some(&text(26))).await.unwrap();
    // Each module has its own limit. Keys of no module have no limit here.
    store.module("n").set("b", Some(&text(60))).await.unwrap();
    store.set("mgr/k", text(1000).into()).await.unwrap();
    store.set("other/m/k", text(1000).into()).await.unwrap();
}

#[tokio::test]
async fn the_number_of_keys_of_a_module_is_limited() {
    let storage: Arc<dyn Storage> = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let module = small(&storage).module("m");
    for key in ["a", "b", "c"] {
        module.set(key, Some("1")).await.unwrap();
    }
    let refused = module.set("d", Some("1")).await.unwrap_err();
    assert_eq!(refused.errno(), Errno::ENOSPC);
    assert!(refused.to_string().contains("3 keys"), "{refused}");
    assert!(refused.to_string().contains("store_keys"), "{refused}");
    module.set("c", Some("22")).await.unwrap();
    module.set("a", None).await.unwrap();
    module.set("d", Some("1")).await.unwrap();
}

#[tokio::test]
async fn a_store_that_exceeds_its_limits_is_read_and_shrinks() {
    let storage: Arc<dyn Storage> = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let older = Store::new(Arc::clone(&storage), ROOMY, Arc::default());
    for key in ["a", "b", "c", "d"] {
        older.module("m").set(key, Some(&text(70))).await.unwrap();
    }
    let module = small(&storage).module("m");
    assert_eq!(module.page("", 100).entries[0].1.0, text(70));
    assert!(module.set("a", Some(&text(71))).await.is_err());
    assert!(module.set("e", Some("")).await.is_err());
    // The value is smaller than before, but still larger than a new value may be.
    module.set("a", Some(&text(65))).await.unwrap();
    for key in ["a", "b", "c"] {
        module.set(key, None).await.unwrap();
    }
    module.set("e", Some("1")).await.unwrap();
}

#[tokio::test]
async fn concurrent_writes_cannot_use_the_same_free_space() {
    let storage: Arc<dyn Storage> = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let store = small(&storage);
    let write = async |key: &str| store.module("m").set(key, Some(&text(40))).await.is_ok();
    let (a, b, c) = tokio::join!(write("a"), write("b"), write("c"));
    assert_eq!([a, b, c], [true, true, false]);
    // A finished write counts only once.
    assert!(store.module("m").set("c", Some("1")).await.is_err());
    store.module("m").set("a", None).await.unwrap();
    assert!(store.module("m").set("c", Some(&text(40))).await.is_ok());
}

#[tokio::test]
async fn a_store_is_read_in_pages() {
    let store = store();
    let (module, other) = (store.module("m"), store.module("n"));
    other.set("a", Some("1")).await.unwrap();
    for key in ["a", "b", "large", "z"] {
        module.set(key, Some(&text(if key == "large" { 500 } else { 10 }))).await.unwrap();
    }
    let keys = |page: &TextPage| {
        page.entries.iter().map(|(key, _)| key.clone()).collect::<Vec<_>>().join(" ")
    };
    let (mut after, mut pages) = (String::new(), Vec::new());
    loop {
        let page = module.page(&after, 120);
        pages.push(keys(&page));
        if !page.more {
            break;
        }
        after = page.entries.last().unwrap().0.clone();
    }
    assert_eq!(pages, ["a b", "large", "z"]);
    assert_eq!(store.module("none").page("", 120), TextPage { entries: vec![], more: false });
}
