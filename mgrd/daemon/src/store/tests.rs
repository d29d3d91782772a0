use std::sync::Arc;

use mgrd_storage::embedded::EmbeddedStorage;

use super::space::COMMAND_VALUE_LIMIT;
use super::*;

fn store() -> Store {
    Store::new(Arc::new(EmbeddedStorage::in_memory().unwrap()))
}

#[tokio::test]
async fn a_module_sees_its_own_keys_only_and_hears_of_changes_from_outside() {
    let store = store();
    let hello = store.module("hello");
    let mut changes = hello.watch();
    store.module("hello2").set("a", Some("other")).await.unwrap();
    let revision = store.set("mgr/hello/a", "1".into()).await.unwrap();
    let key = || "a".to_owned();
    let told = StoreEvent::Changed { key: key(), value: Some("1".into()), revision };
    assert_eq!(changes.next().await, Some(told));
    assert_eq!(hello.range(""), [(key(), ("1".into(), revision))].into());
    let revision = hello.set("a", None).await.unwrap();
    let told = StoreEvent::Changed { key: key(), value: None, revision };
    assert_eq!(changes.next().await, Some(told));
    assert!(hello.range("a").is_empty());
}

#[tokio::test]
async fn limits_are_those_of_the_real_one() {
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
