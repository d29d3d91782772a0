//! What is stored of the limits of modules.

use mgrd_storage::embedded::EmbeddedStorage;

use super::*;
use crate::module_limits::Limit;

#[tokio::test]
async fn limits_are_stored_for_each_module_and_removed_when_all_are_taken_back() {
    let limits = StoredLimits(Arc::new(EmbeddedStorage::in_memory().unwrap()));
    let settings = Settings::default().with(Limit::Memory, Some(3 << 19)).with(Limit::Cpu, None);
    limits.save("a", settings.clone()).await.unwrap();
    limits.save("a/b", Settings::default().with(Limit::InFlight, Some(1))).await.unwrap();
    assert_eq!(limits.load()["a"], settings);
    limits.save("a", Settings::default()).await.unwrap();
    assert_eq!(limits.load().into_keys().collect::<Vec<_>>(), ["a/b"]);
}

#[tokio::test]
async fn damaged_limits_of_one_module_leave_those_of_others() {
    let limits = StoredLimits(Arc::new(EmbeddedStorage::in_memory().unwrap()));
    for (module, text) in [("a", "{"), ("b", "{\"new\": 1}"), ("c", "{\"memory\": \"1\"}")] {
        let put = Transaction::new().put(&format!("{PREFIX}{module}"), text);
        limits.0.commit(put).await.unwrap();
    }
    limits.save("d", Settings::default().with(Limit::Memory, Some(1 << 30))).await.unwrap();
    assert_eq!(limits.load().into_keys().collect::<Vec<_>>(), ["d"]);
}
