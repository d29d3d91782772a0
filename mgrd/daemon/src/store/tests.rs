use std::sync::Arc;

use mgrd_command::{CommandError, Errno};
use mgrd_storage::embedded::EmbeddedStorage;
use mgrd_storage::{Storage, Transaction, Usage};

use super::limits::COMMAND_VALUE_LIMIT;
use super::module_store::TextPage;
use super::*;
use crate::authority::Writer;
use crate::module_limits::{Limit, ModuleLimits, Settings};
use crate::write::write;

const ROOMY: StoreLimits =
    StoreLimits { store_bytes: 1 << 30, store_keys: 1 << 20, store_value_bytes: 1 << 20 };

fn in_memory() -> Arc<dyn Storage> {
    Arc::new(EmbeddedStorage::in_memory().unwrap())
}

/// A store in which `hello` and `m` are modules. `none` is not, although limits are set for it.
fn store_with(storage: &Arc<dyn Storage>, limits: StoreLimits, others: KeyLimits) -> Store {
    let own = ModuleLimits::default();
    for module in ["hello", "m"] {
        let _installed = own.of(module);
    }
    let limits_of_none = [("none".to_owned(), Settings::default().with(Limit::StoreKeys, Some(9)))];
    own.set_operator(limits_of_none.into());
    Store::new(Arc::clone(storage), limits, others, Arc::new(own))
}

fn store() -> Store {
    store_with(&in_memory(), ROOMY, KeyLimits::default())
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
    let limits = StoreLimits { store_bytes: 100, store_keys: 3, store_value_bytes: 60 };
    store_with(storage, limits, KeyLimits::default())
}

fn text(bytes: usize) -> String {
    "x".repeat(bytes)
}

#[tokio::test]
async fn a_write_that_exceeds_a_limit_of_the_module_is_refused_and_changes_nothing() {
    let storage = in_memory();
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
    // Each module has its own limit. Keys of no module have other limits.
    store.module("n").set("b", Some(&text(60))).await.unwrap();
    store.set("mgr/k", text(1000).into()).await.unwrap();
    store.set("other/m/k", text(1000).into()).await.unwrap();
}

#[tokio::test]
async fn the_number_of_keys_of_a_module_is_limited() {
    let storage = in_memory();
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
    let storage = in_memory();
    let older = store_with(&storage, ROOMY, KeyLimits::default());
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
    let storage = in_memory();
    let store = small(&storage);
    let write = async |key: &str| store.module("m").set(key, Some(&text(40))).await.is_ok();
    let (a, b, c) = tokio::join!(write("a"), write("b"), write("c"));
    assert_eq!([a, b, c], [true, true, false]);
    // A finished write counts only once.
    assert!(store.module("m").set("c", Some("1")).await.is_err());
    store.module("m").set("a", None).await.unwrap();
    assert!(store.module("m").set("c", Some(&text(40))).await.is_ok());
}

/// Room for 100 bytes and 3 keys in each group outside of the stores of modules.
const FEW: KeyLimits = KeyLimits { bytes: 100, keys: 3 };

#[tokio::test]
async fn keys_outside_of_the_stores_of_modules_have_limits_in_two_groups() {
    let storage = in_memory();
    let store = store_with(&storage, ROOMY, FEW);
    // What is in the stores of modules does not count, in whichever way it is written.
    store.module("m").set("a", Some(&text(500))).await.unwrap();
    store.set("mgr/m/b", text(500).into()).await.unwrap();
    let set = |key: &'static str, bytes: usize| store.set(key, text(bytes).into());
    for (key, bytes, wanted) in [
        ("k", 9, None),
        ("k", 100, Some("101 bytes")),
        ("mgrx/a/b", 83, Some("101 bytes")),
        ("config-histori/1", 75, Some("101 bytes")),
        // Those below `mgr/` that are of no module have room of their own.
        ("mgr/none/k", 20, None),
        ("mgr/none/k", 91, Some("101 bytes")),
        ("mgr/k", 66, Some("101 bytes")),
        ("mgr/k", 65, None),
        ("mgr/k", 66, Some("101 bytes")),
        ("mgr/k", 1, None),
        ("c", 1, None),
        ("d", 1, None),
        ("e", 1, Some("3 keys")),
        ("mgr/a/b", 1, None),
        ("mgr/a/c", 1, Some("3 keys")),
        ("k", 1, None),
    ] {
        match (set(key, bytes).await, wanted) {
            (Ok(_), None) => {}
            (Err(refused), Some(wanted)) => {
                assert_eq!(refused.errno(), Errno::ENOSPC, "{key} {bytes}");
                let text = refused.to_string();
                assert!(text.contains(wanted) && text.contains("limits.store."), "{text}");
            }
            (result, wanted) => panic!("{key} {bytes}: {result:?} instead of {wanted:?}"),
        }
    }
    store.remove("mgr/none/k").await.unwrap();
    set("mgr/a/c", 1).await.unwrap();
}

#[tokio::test]
async fn what_a_removed_module_leaves_takes_no_room_from_other_keys() {
    let storage = in_memory();
    let before = store_with(&storage, ROOMY, FEW);
    for key in ["a", "b", "c", "d"] {
        before.module("gone").set(key, Some(&text(200))).await.unwrap();
    }
    let store = store_with(&storage, ROOMY, FEW);
    store.set("k", text(90).into()).await.unwrap();
    assert!(store.set("mgr/gone/e", "1".into()).await.is_err());
    store.set("mgr/gone/a", text(199).into()).await.unwrap();
}

#[tokio::test]
async fn modules_leave_an_eighth_of_the_room_to_clients() {
    let storage = in_memory();
    let limits = StoreLimits { store_bytes: 80, store_keys: 8, store_value_bytes: 80 };
    let store = store_with(&storage, limits, KeyLimits { bytes: 80, keys: 8 });
    let of_module = store.by(Writer::module("m"));
    for (folder, whose) in [("", "outside"), ("mgr/none/", "no module"), ("mgr/hello/", "'hello'")]
    {
        let key = |n: usize| format!("{folder}{n}");
        let fits = text(69 - folder.len());
        let refused = of_module.set(&key(0), format!("{fits}x").into()).await.unwrap_err();
        let message = refused.to_string();
        assert!(message.contains("70 (7/8 of 80, because a module writes)"), "{message}");
        assert!(message.contains(whose), "{message}");
        of_module.set(&key(0), fits.clone().into()).await.unwrap();
        store.set(&key(0), (fits + &text(10)).into()).await.unwrap();
        assert!(store.set(&key(0), text(80).into()).await.is_err());
        store.remove(&key(0)).await.unwrap();
    }
    for n in 0..7 {
        of_module.set(&n.to_string(), "".into()).await.unwrap();
    }
    let refused = of_module.set("7", "".into()).await;
    assert!(matches!(refused, Err(StoreError::TooManyOthers { keys: 7, .. })));
    store.set("7", "".into()).await.unwrap();
    assert!(store.set("8", "".into()).await.is_err());
    // The owner of a store may fill it.
    store.module("m").set("a", Some(&text(73))).await.unwrap();
}

#[tokio::test]
async fn health_names_the_writer_and_not_the_owner() {
    let store = small(&in_memory());
    let by_neighbour = store.by(Writer::module("neighbour"));
    assert!(by_neighbour.set("mgr/hello/a", text(61).into()).await.is_err());
    let lately = crate::limits_reached::lately();
    let limits = lately.iter().find(|(who, _)| who == "module 'neighbour'");
    assert_eq!(limits.unwrap().1, ["limits.module.store_value_bytes"]);
    assert!(!lately.iter().any(|(who, _)| who == "module 'hello'"), "{lately:?}");
}

#[tokio::test]
async fn keys_that_exceed_their_limit_are_read_and_shrink() {
    let storage = in_memory();
    let older = store_with(&storage, ROOMY, KeyLimits::default());
    for key in ["a", "b", "c", "d"] {
        older.set(key, text(70).into()).await.unwrap();
    }
    let store = store_with(&storage, ROOMY, FEW);
    assert_eq!(store.range("").len(), 4);
    assert!(store.set("a", text(71).into()).await.is_err());
    assert!(store.set("e", "".into()).await.is_err());
    store.set("a", text(65).into()).await.unwrap();
    for key in ["a", "b", "c"] {
        store.remove(key).await.unwrap();
    }
    store.set("e", "1".into()).await.unwrap();
}

#[tokio::test]
async fn concurrent_writes_of_clients_cannot_use_the_same_free_space() {
    let store = store_with(&in_memory(), ROOMY, FEW);
    let write = async |key: &str| store.set(key, text(40).into()).await.is_ok();
    let (a, b, c) = tokio::join!(write("a"), write("b"), write("c"));
    assert_eq!([a, b, c], [true, true, false]);
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

#[tokio::test]
async fn the_keys_of_mgrd_are_neither_set_nor_removed() {
    let storage = in_memory();
    let store = store_with(&storage, ROOMY, KeyLimits::default());
    for (key, instead) in [
        ("mgrd/module_limits/m", "mgr module limit"),
        ("mgrd/enabled_modules", "mgr module enable"),
        ("mgrd/health_mutes", "health mute"),
        ("mgrd/crash/1", "crash post"),
        ("mgrd/", "does not begin with"),
        ("mgrd/anything", "does not begin with"),
        ("config-history/", "config reset"),
        ("config-history/18446744073709551615", "config reset"),
    ] {
        write(&*storage, "mgrd", Transaction::new().put(key, "old")).await.unwrap();
        let (set, removed) = (store.set(key, "new".into()).await, store.remove(key).await);
        for refused in [set.unwrap_err(), removed.unwrap_err()] {
            assert_eq!(refused.errno(), Errno::EACCES, "{key}");
            let text = refused.to_string();
            assert!(text.contains(key) && text.contains(instead), "{text}");
        }
        assert_eq!(store.get(key).unwrap(), "old", "{key}");
    }
    // A key that only resembles them is free, and so is each key of a module.
    for key in ["mgrd", "mgrdx/a", "config-history", "mgr/m/mgrd/a"] {
        store.set(key, "1".into()).await.unwrap();
        store.remove(key).await.unwrap();
    }
}
