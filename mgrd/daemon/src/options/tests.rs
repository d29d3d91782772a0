use std::sync::Arc;

use mgrd_storage::embedded::EmbeddedStorage;
use mgrd_storage::{Storage, Transaction};
use serde_json::json;

use super::history::Revised;
use super::*;
use crate::authority::Writer;
use crate::write::write;

fn options() -> Options {
    let options =
        Options::new(Arc::new(EmbeddedStorage::in_memory().unwrap()), "x", Limits::default());
    let size = OptionSchema::new("size", OptionType::Size, "1K", "");
    let place = OptionSchema::new("place", OptionType::Str, "World", "");
    options.schemas.declare("hello", vec![size, place]);
    options
}

fn snapshot(options: &Options) -> Vec<(String, String)> {
    let all = options.module_snapshot("hello").into_iter();
    all.map(|(key, (value, _))| (key, value)).collect()
}

#[tokio::test]
async fn the_most_specific_layer_wins_and_removal_reverts_at_once() {
    let options = options();
    let name = "mgr/hello/place";
    let get = || options.get("mgr.x", name).unwrap();
    assert_eq!(get(), "World");
    for (section, value) in [("global", "g"), ("mgr", "m"), ("mgr.x", "x")] {
        options.set(section, name, value, false).await.unwrap();
        assert_eq!(get(), value);
    }
    options.set("mgr.y", name, "y", false).await.unwrap();
    assert_eq!(snapshot(&options), [("place".into(), "x".into())]);
    for (section, left) in [("mgr.x", "m"), ("mgr", "g"), ("global", "World")] {
        options.remove(section, name).await.unwrap();
        assert_eq!(get(), left);
    }
    assert_eq!(snapshot(&options), []);
}

#[tokio::test]
async fn values_are_normalised_before_they_are_read() {
    let options = options();
    let mut changes = options.watch_module("hello");
    let revision = options.set_module_option("hello", "size", Some("4K"), false).await.unwrap();
    let event = OptionEvent::Own { key: "size".into(), value: Some("4096".into()), revision };
    assert_eq!(changes.next().await, Some(event));
    assert_eq!(options.get_module_option("hello", "size"), Some(json!(4096)));
    let stored = options.storage.get("config/mgr/mgr/hello/size").unwrap();
    assert_eq!(stored.value, "4096");
}

#[tokio::test]
async fn only_force_sets_an_invalid_option_and_modules_do_not_read_it() {
    let options = options();
    let set = async |who, name, value| options.set(who, name, value, false).await.unwrap_err();
    let text = set("mgr", "mgr/hello/nope", "1").await.to_string();
    assert!(text.starts_with("unrecognized config option 'mgr/hello/nope'; "), "{text}");
    let text = set("moon", "debug_mgr", "1").await.to_string();
    assert_eq!(text, "unrecognized config target 'moon'");
    assert!(matches!(set("mgr", "mgr/hello/size", "x").await, OptionError::Value(_)));
    assert!(matches!(options.get("mgr", "nope"), Err(OptionError::UnknownKey(_))));
    options.set("mgr", "mgr/hello/size", "x", true).await.unwrap();
    assert_eq!(snapshot(&options), []);
    let foreign = options.set_module_option("hello", "nope", None, false).await;
    assert!(matches!(foreign, Err(OptionError::UnknownOption(_))));
}

#[tokio::test]
async fn a_watcher_gets_its_own_values_and_only_a_signal_for_others() {
    let options = options();
    options.schemas.declare("other", vec![]);
    let mut changes = options.watch_module("hello");
    options.set("mgr", "mgr/hello/place", "m", false).await.unwrap();
    options.set("mgr.x", "mgr/hello/place", "x", false).await.unwrap();
    options.set("mgr.y", "mgr/hello/place", "y", false).await.unwrap();
    options.set("mgr", "mgr/other/log_level", "info", false).await.unwrap();
    options.set("osd", "debug_mgr", "1", false).await.unwrap();
    let last = options.remove("mgr.x", "mgr/hello/place").await.unwrap();
    let mut events = Vec::new();
    loop {
        let event = changes.next().await.unwrap();
        let done = matches!(&event, OptionEvent::Own { revision, .. } if *revision == last);
        events.push(event);
        if done {
            break;
        }
    }
    assert_eq!(events.len(), 4);
    assert_eq!(events[2], OptionEvent::Other);
    let now = OptionEvent::Own { key: "place".into(), value: Some("m".into()), revision: last };
    assert_eq!(events[3], now);
}

#[tokio::test]
async fn localized_options_are_kept_apart() {
    let options = options();
    options.set_module_option("hello", "place", Some("here"), true).await.unwrap();
    options.set("mgr", "mgr/hello/place", "everywhere", false).await.unwrap();
    let all = [("place".into(), "everywhere".into()), ("x/place".into(), "here".into())];
    assert_eq!(snapshot(&options), all);
}

#[tokio::test]
async fn an_empty_level_overrides_a_wider_one() {
    let options = options();
    options.set("global", "mgr/hello/log_level", "debug", false).await.unwrap();
    options.set("mgr", "mgr/hello/log_level", "", false).await.unwrap();
    assert_eq!(snapshot(&options), [("log_level".into(), String::new())]);
}

#[tokio::test]
async fn the_history_can_be_read_and_reverted() {
    let options = options();
    let place = async |value| options.set("mgr", "mgr/hello/place", value, false).await.unwrap();
    place("a").await;
    place("a").await;
    place("b").await;
    options.remove("mgr", "mgr/hello/place").await.unwrap();
    let log = options.log(10);
    assert_eq!(log.iter().map(|revision| revision.version).collect::<Vec<_>>(), [3, 2, 1]);
    let name = || "mgr/mgr/hello/place".to_owned();
    let (previous_value, new_value) = (Some("a".into()), Some("b".into()));
    assert_eq!(log[1].changes, [Revised { name: name(), previous_value, new_value }]);
    options.reset(1).await.unwrap();
    assert_eq!(options.get("mgr", "mgr/hello/place").unwrap(), "a");
    options.reset(0).await.unwrap();
    assert_eq!(options.dump(), []);
    let unknown = options.reset(99).await;
    assert!(matches!(unknown, Err(OptionError::UnknownVersion { version: 99, last: 5 })));
}

#[tokio::test]
async fn options_of_the_cluster_are_learned_and_typed() {
    let options = options();
    options.schemas.learn(&json!({"auth_mon_ticket_ttl": "259200.000000", "mgr_tick_period": "9"}));
    assert_eq!(options.get_ceph_option("auth_mon_ticket_ttl").unwrap(), 259_200.0);
    assert_eq!(options.get_ceph_option("mgr_tick_period").unwrap(), 9.0);
    options
        .schemas
        .learn(&json!({"debug_mgr": "20/20", "fsid": "38f5bf59-6619-4409-a848-edac8d90825a"}));
    assert_ne!(options.get_ceph_option("debug_mgr").unwrap(), "20/20");
    let fsid = options.get_ceph_option("fsid").unwrap();
    assert_eq!(fsid, "38f5bf59-6619-4409-a848-edac8d90825a");
    let described = json!({"options": [{"name": "osd_max_backfills", "type": "uint",
        "level": "advanced", "default": 1, "min": "", "max": "", "can_update_at_runtime": true}]});
    options.schemas.learn(&described);
    options.set("osd.3", "osd_max_backfills", "4", false).await.unwrap();
    assert_eq!(options.get_foreign_option("osd.3", "osd_max_backfills").unwrap(), 4);
    assert_eq!(options.get_foreign_option("osd.4", "osd_max_backfills").unwrap(), 1);
    let described = json!({"options": [{"name": "debug_osd", "type": "str", "default": "1/5"}]});
    options.schemas.learn(&described);
    assert!(options.set("osd", "debug_osd", "loud", false).await.is_err());
    options.set("osd", "debug_osd", "7", false).await.unwrap();
    assert_eq!(options.get_foreign_option("osd", "debug_osd").unwrap(), "7/7");
    for (who, name) in [("global", "osd_max_backfills"), ("osd", "mgr/hello/place")] {
        assert!(options.get_foreign_option(who, name).is_err());
    }
}

#[tokio::test]
async fn an_option_that_is_too_long_is_refused_and_can_be_removed() {
    let storage: Arc<dyn Storage> = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let limits = Limits { value_bytes: 4, name_bytes: 20, ..Limits::default() };
    let (short, long) = ("mgr/hello/place", "mgr/hello/a-longer-name");
    let unlimited = Options::new(Arc::clone(&storage), "x", Limits::default());
    unlimited.set("mgr", long, "a longer value", true).await.unwrap();
    unlimited.set("mgr", short, "a longer value", true).await.unwrap();

    let options = Options::new(storage, "x", limits);
    let refused = |who, name, value| {
        let options = options.clone();
        async move { options.set(who, name, value, true).await.unwrap_err().to_string() }
    };
    assert_eq!(
        refused("mgr", short, "12345").await,
        "the value of option 'mgr/hello/place' has 5 bytes, at most 4 are allowed; \
         use a shorter one, or raise limits.options.value_bytes"
    );
    assert_eq!(
        refused("mgr", long, "1").await,
        "the name of option 'mgr/hello/a-longer-n…' has 23 bytes, at most 20 are \
         allowed; use a shorter one, or raise limits.options.name_bytes"
    );
    assert_eq!(
        refused("mgr/host:a-host-of-a-long-name", short, "1").await,
        "the section of option 'mgr/hello/place' has 30 bytes, at most 20 are \
         allowed; use a shorter one, or raise limits.options.name_bytes"
    );
    options.set("mgr", short, "1234", true).await.unwrap();
    options.remove("mgr", long).await.unwrap();
    assert_eq!(options.dump().len(), 1);
    options.reset(2).await.unwrap();
    assert_eq!(options.get("mgr", short).unwrap(), "a longer value");
}

#[tokio::test]
async fn the_history_is_weighed_and_its_last_change_stays() {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let limits = Limits { history_bytes: 10_000, ..Limits::default() };
    let options = Options::new(storage.clone(), "x", limits);
    for n in 0..50 {
        let value = format!("{n:01000}");
        options.set("mgr", "mgr/hello/place", &value, true).await.unwrap();
    }
    let bytes: usize = storage.range("config-history/").iter().map(|(_, e)| e.value.len()).sum();
    let kept: Vec<_> = options.log(99).iter().map(|revision| revision.version).collect();
    assert!(bytes <= 10_000 && kept == [50, 49, 48, 47], "{bytes}: {kept:?}");
    assert!(matches!(options.reset(45).await, Err(OptionError::UnknownVersion { .. })));
    options.reset(46).await.unwrap();
    assert_eq!(options.get("mgr", "mgr/hello/place").unwrap(), format!("{:01000}", 45));
    // Even a change that is larger than the limit can be reverted.
    options.set("mgr", "mgr/hello/place", &"x".repeat(20_000), true).await.unwrap();
    let last = options.log(99);
    assert_eq!((last.len(), last[0].changes.len()), (1, 1));
}

#[tokio::test]
async fn options_that_exceed_a_limit_in_bytes_are_refused_and_can_shrink() {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let limits = Limits { module_bytes: 1000, bytes: 2500, ..Limits::default() };
    let options = Options::new(storage.clone(), "x", limits);
    let set = async |who: &str, name: &str, bytes| {
        options.set(who, name, &"v".repeat(bytes), true).await.map(drop)
    };
    let refused = async |who: &str, name: &str, bytes| {
        let error = set(who, name, bytes).await.unwrap_err();
        assert!(matches!(error, OptionError::Full { .. }), "{error}");
        error.to_string()
    };
    set("mgr", "mgr/hello/a", 400).await.unwrap();
    set("mgr", "mgr/hello/b", 400).await.unwrap();
    let text = refused("mgr", "mgr/hello/c", 100).await;
    assert!(text.contains("module 'hello' in section 'mgr'"), "{text}");
    assert!(text.contains("limits.options.module_bytes"), "{text}");
    refused("mgr", "mgr/hello/b", 500).await;
    refused("mgr/host:a", "mgr/hello/b", 1000).await;
    set("mgr", "mgr/hello/b", 300).await.unwrap();
    set("mgr", "mgr/hello/c", 10).await.unwrap();
    // Another module, and another section, have room of their own, until all options are too many.
    set("mgr", "mgr/other/a", 400).await.unwrap();
    set("mgr.y", "mgr/hello/a", 400).await.unwrap();
    let text = refused("osd", "any", 700).await;
    assert!(text.contains("all options") && text.contains("limits.options.bytes"), "{text}");

    // With smaller limits, an option can still get shorter, and a swap that does not grow passes.
    let limits = Limits { module_bytes: 1, bytes: 1, ..Limits::default() };
    let options = Options::new(storage, "x", limits);
    options.set("mgr", "mgr/hello/a", "shorter", true).await.unwrap();
    let swap = vec![assignment("mgr/hello/d", Some("new")), assignment("mgr/hello/b", None)];
    options.assign(swap, "").await.unwrap();
    let grow = vec![assignment("mgr/hello/e", Some("new"))];
    assert!(matches!(options.assign(grow, "").await, Err(OptionError::Full { .. })));
}

fn assignment(name: &str, value: Option<&str>) -> Assignment {
    let (section, name) = ("mgr".parse().unwrap(), name.to_owned());
    Assignment { section, name, value: value.map(str::to_owned) }
}

#[tokio::test]
async fn an_option_that_is_named_several_times_counts_once_with_its_last_value() {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let options = Options::new(storage, "x", Limits { module_bytes: 1000, ..Limits::default() });
    let value = |bytes: usize| Some("v".repeat(bytes));
    let (a, b) = ("mgr/hello/a", "mgr/hello/b");
    options.assign(vec![assignment(a, value(600).as_deref())], "").await.unwrap();
    // What is stored is freed once, however often the option is named.
    for last in [value(600), value(1), None] {
        let mut assignments = vec![assignment(a, last.as_deref()); 5];
        assignments.push(assignment(b, value(999).as_deref()));
        let refused = options.assign(assignments, "").await;
        assert!(matches!(refused, Err(OptionError::Full { .. })), "{last:?}");
    }
    // Only the last value takes room.
    let repeated = [value(900), None, value(900), value(20)];
    let repeated = repeated.iter().map(|value| assignment(b, value.as_deref())).collect();
    options.assign(repeated, "").await.unwrap();
    let last = &options.log(1)[0].changes;
    let (name, new_value) = ("mgr/mgr/hello/b".to_owned(), value(20));
    assert_eq!(*last, [Revised { name, previous_value: None, new_value }]);
}

#[tokio::test]
async fn modules_leave_an_eighth_of_the_room_and_health_names_them() {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let options = Options::new(storage, "x", Limits { bytes: 8000, ..Limits::default() });
    let of_module = options.by(Writer::module("filler"));
    let large = "v".repeat(7000);
    let refused = of_module.set("global", "any", &large, true).await.unwrap_err().to_string();
    assert!(refused.contains("7000 (7/8 of 8000, because a module writes)"), "{refused}");
    of_module.set("global", "any", &large[..6900], true).await.unwrap();
    assert!(of_module.set("global", "mgr/owner/a", &large[..500], true).await.is_err());
    assert!(of_module.put("config/any", large[..500].to_owned().into()).await.is_err());
    options.set("global", "mgr/owner/a", &large[..500], true).await.unwrap();
    assert!(options.set("global", "mgr/owner/b", &large[..1000], true).await.is_err());
    let lately = crate::limits_reached::lately();
    let limits = lately.iter().find(|(who, _)| who == "module 'filler'");
    assert_eq!(limits.unwrap().1, ["limits.options.bytes"]);
    assert!(!lately.iter().any(|(who, _)| who == "module 'owner'"), "{lately:?}");
}

#[tokio::test]
async fn one_command_sets_no_more_options_than_allowed() {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let options = Options::new(storage, "x", Limits { at_once: 3, ..Limits::default() });
    let some = |count: usize| (0..count).map(|n| assignment(&format!("o{n}"), Some("1"))).collect();
    let refused = options.assign(some(4), "").await;
    assert!(matches!(refused, Err(OptionError::TooMany { count: 4, limit: 3 })));
    assert!(options.stored("").is_empty());
    options.assign(some(3), "").await.unwrap();
}

#[tokio::test]
async fn keys_of_the_history_that_are_no_versions_are_ignored() {
    let options = options();
    let place = async |value| options.set("mgr", "mgr/hello/place", value, false).await.unwrap();
    place("a").await;
    let stored = options.storage.get("config-history/0000000001").unwrap().value;
    let zero =
        String::from_utf8(stored.to_vec()).unwrap().replace("\"version\":1", "\"version\":0");
    for (key, value) in [
        ("18446744073709551615", "x"),
        ("2", "x"),
        ("+000000009", "x"),
        ("0000000000", &zero),
        ("0000000007", "x"),
        ("0000000006", &zero),
        ("", &zero),
    ] {
        let transaction =
            Transaction::new().put(&format!("config-history/{key}"), value.to_owned());
        write(&*options.storage, "test", transaction).await.unwrap();
    }
    place("b").await;
    let versions: Vec<_> = options.log(9).iter().map(|revision| revision.version).collect();
    assert_eq!(versions, [8, 1]);
    options.reset(1).await.unwrap();
    assert_eq!(options.get("mgr", "mgr/hello/place").unwrap(), "a");
    options.reset(0).await.unwrap();
    assert!(options.stored("").is_empty());
}

#[tokio::test]
async fn two_writes_do_not_use_the_same_room() {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let options = Options::new(storage, "x", Limits { module_bytes: 1000, ..Limits::default() });
    let value = "v".repeat(700);
    let (one, two) = tokio::join!(
        options.set("mgr", "mgr/hello/a", &value, true),
        options.set("mgr", "mgr/hello/b", &value, true),
    );
    assert!(one.is_ok() != two.is_ok());
}

#[tokio::test]
async fn one_option_is_what_the_snapshot_says() {
    let options = options();
    let name = "mgr/hello/size";
    for (section, value) in [("global", "1"), ("mgr", "2"), ("mgr.x", "no size"), ("mgr.y", "3")] {
        options.set(section, name, value, true).await.unwrap();
    }
    options.set("mgr.x", "mgr/hello/x/place", "here", true).await.unwrap();
    options.set("mgr.x", "mgr/hello/undeclared", "?", true).await.unwrap();
    let snapshot = options.module_snapshot("hello");
    assert_eq!(snapshot.len(), 3);
    for (key, found) in snapshot {
        assert_eq!(options.module_option("hello", &key), Some(found), "{key}");
    }
    assert_eq!(options.module_option("hello", "place"), None);
}
