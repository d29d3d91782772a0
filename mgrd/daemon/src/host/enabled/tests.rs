//! What is stored of the modules that are enabled.

use std::error::Error;

use mgrd_storage::embedded::EmbeddedStorage;

use super::*;

fn set() -> StoredEnabledSet {
    StoredEnabledSet(Arc::new(EmbeddedStorage::in_memory().unwrap()))
}

#[tokio::test]
async fn an_empty_set_differs_from_no_set() {
    let set = set();
    assert_eq!(set.load().await.unwrap(), None);
    set.save(BTreeSet::new()).await.unwrap();
    assert_eq!(set.load().await.unwrap(), Some(BTreeSet::new()));
    let two = BTreeSet::from(["a".to_owned(), "b".to_owned()]);
    set.save(two.clone()).await.unwrap();
    assert_eq!(set.load().await.unwrap(), Some(two));
}

#[tokio::test]
async fn a_damaged_set_is_an_error_with_its_source() {
    let set = set();
    set.0.commit(Transaction::new().put(KEY, "{")).await.unwrap();
    let error = set.load().await.unwrap_err();
    assert!(error.to_string().starts_with("the stored list of enabled modules is damaged: "));
    assert!(error.source().is_some());
}
