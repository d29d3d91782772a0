//! Limits that are set for modules in each state.

use std::sync::atomic::Ordering::Relaxed;

use super::harness::{ATTACHES, GRACE, Place};
use crate::module::{Effect, ModuleError, Modules};
use crate::module_limits::{Change, Limit, Origin};

/// Sets limits; returns when each takes effect.
async fn set(modules: &Modules, name: &str, words: &str) -> Result<Vec<Effect>, ModuleError> {
    let change = Change::read(words.split(' ')).unwrap();
    let (limits, _) = modules.limit(name, &change).await?;
    Ok(limits.into_iter().map(|limit| limit.effect).collect())
}

/// The value of a limit, and who set it.
fn shown(modules: &Modules, name: &str, limit: Limit) -> (Option<u64>, Origin) {
    let limits = modules.limits_of(name).unwrap();
    let status = limits.into_iter().find(|status| status.limit == limit).unwrap();
    (status.value, status.origin)
}

#[tokio::test]
async fn the_answer_says_when_a_limit_takes_effect() {
    let place = Place::new();
    place.module("m", ATTACHES);
    place.module("off", ATTACHES);
    let modules = place.start(&["m"]).await;
    let both = "open_files=50 in_flight=5";
    assert_eq!(set(&modules, "off", both).await.unwrap(), [Effect::AtStart, Effect::Now]);
    let _attached = place.attach(&modules, "m").await;
    assert_eq!(set(&modules, "m", both).await.unwrap(), [Effect::Now, Effect::Now]);
    modules.debug("m").await.unwrap();
    // The supervised process may be on its way out.
    super::harness::state(&modules, "m", crate::module::ModuleState::Debugging).await;
    assert_eq!(set(&modules, "m", both).await.unwrap(), [Effect::AfterDebugging, Effect::Now]);
    modules.end_debug("m").await.unwrap();
    modules.shutdown(GRACE).await;
    assert!(matches!(set(&modules, "m", both).await, Err(ModuleError::ShuttingDown)));
}

#[tokio::test]
async fn no_limits_are_set_for_a_module_that_does_not_exist() {
    let place = Place::new();
    let modules = place.start(&["absent"]).await;
    for (name, expected) in
        [("", "name is empty"), ("nope", "no module 'nope'"), ("a/b", "no module 'a/b'")]
    {
        let why = set(&modules, name, "memory=1G").await.unwrap_err().to_string();
        assert!(why.contains(expected), "{why}");
        assert!(modules.limits_of(name).is_err());
    }
}

#[tokio::test]
async fn a_change_that_cannot_be_stored_changes_nothing() {
    let place = Place::new();
    place.module("m", ATTACHES);
    let modules = place.start(&["m"]).await;
    let _attached = place.attach(&modules, "m").await;
    set(&modules, "m", "memory=1G").await.unwrap();
    place.limited.is_broken.store(true, Relaxed);
    let why = set(&modules, "m", "memory=default in_flight=1").await.unwrap_err();
    assert!(matches!(why, ModuleError::Limits { .. }), "{why}");
    assert_eq!(shown(&modules, "m", Limit::Memory), (Some(1 << 30), Origin::Operator));
    assert_eq!(shown(&modules, "m", Limit::InFlight).1, Origin::Default);
    // What is set already is not stored again.
    set(&modules, "m", "memory=1G").await.unwrap();
    modules.shutdown(GRACE).await;
}

#[tokio::test]
async fn limits_stay_when_the_folder_of_a_module_is_removed_and_comes_back() {
    let mut place = Place::new();
    // Its script never attaches.
    place.limits.life.start_timeout = std::time::Duration::from_millis(100);
    place.module("m", ATTACHES);
    let modules = place.start(&[]).await;
    set(&modules, "m", "memory=1G").await.unwrap();
    std::fs::remove_dir_all(place.folder("m")).unwrap();
    modules.forget_gone().await;
    assert!(modules.get("m").is_none());
    assert_eq!(shown(&modules, "m", Limit::Memory), (Some(1 << 30), Origin::Operator));
    place.module("m", ATTACHES);
    modules.enable("m", true).await.unwrap();
    assert_eq!(shown(&modules, "m", Limit::Memory).0, Some(1 << 30));
    modules.disable("m").await.unwrap();
    set(&modules, "m", "memory=default").await.unwrap();
    std::fs::remove_dir_all(place.folder("m")).unwrap();
    modules.forget_gone().await;
    assert!(modules.limits_of("m").is_err());
    modules.shutdown(GRACE).await;
}
