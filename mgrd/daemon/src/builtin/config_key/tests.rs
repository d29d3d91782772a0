use std::sync::Arc;

use mgrd_snapshots::assert_text;
use mgrd_storage::embedded::EmbeddedStorage;
use serde_json::json;

use super::*;
use crate::builtin::Format;
use crate::builtin::tests::harness::Terminal;
use crate::module_limits::ModuleLimits;
use crate::options;
use crate::store::{KeyLimits, StoreLimits};

async fn run(keys: &Keys, words: &str, args: Value, input: &'static [u8]) -> Outcome {
    let prefix = |cmd: &str| {
        let literal = cmd.split(' ').filter(|word| !word.contains('='));
        literal.collect::<Vec<_>>().join(" ")
    };
    let command = COMMANDS.iter().find(|c| prefix(c.cmd) == words).unwrap();
    let args = args.as_object().unwrap().clone();
    let input = input.into();
    let request = Request { args, format: Format::Json, input, ..Request::default() };
    (command.run)(keys, &request).await
}

/// The keys of a storage in memory, in which `hello` and `m` are modules.
fn keys(limits: StoreLimits, others: KeyLimits, of_options: options::Limits) -> Keys {
    let storage = Arc::new(EmbeddedStorage::in_memory().unwrap());
    let own = ModuleLimits::default();
    for module in ["hello", "m"] {
        let _known = own.of(module);
    }
    let store = Store::new(storage.clone(), limits, others, Arc::new(own));
    Keys { store, options: Options::new(storage, "x", of_options) }
}

fn with_limits(limits: StoreLimits) -> Keys {
    keys(limits, KeyLimits::default(), options::Limits::default())
}

#[tokio::test]
async fn the_commands_answer_as_in_ceph() {
    let limits = StoreLimits { store_bytes: 100, store_keys: 100, store_value_bytes: 100 };
    let keys = with_limits(limits);
    let a = || json!({"key": "a"});
    let set = run(&keys, "config-key set", json!({"key": "a", "val": "1"}), b"").await;
    assert_eq!(set, Outcome::status("set a"));
    assert_eq!(run(&keys, "config-key get", a(), b"").await, Outcome::ok("1"));
    let exists = run(&keys, "config-key exists", a(), b"").await;
    assert_eq!(exists, Outcome::status("key 'a' exists"));
    run(&keys, "config-key put", json!({"key": "b"}), b"\x00\xff").await;
    assert_eq!(run(&keys, "config-key ls", json!({}), b"").await.stdout, "[\"a\",\"b\"]\n");
    let dump = run(&keys, "config-key dump", json!({}), b"").await;
    assert_eq!(dump.stdout, "{\"a\":\"1\",\"b\":\"<<< binary blob of length 2 >>>\"}\n");
    for _ in 0..2 {
        let gone = run(&keys, "config-key rm", a(), b"").await;
        assert_eq!(gone, Outcome::status("key deleted"));
    }
    let missing = run(&keys, "config-key exists", a(), b"").await;
    assert_eq!(missing, Outcome::error(Errno::ENOENT, "key 'a' doesn't exist"));
    assert_eq!(
        run(&keys, "config-key get", a(), b"").await,
        Outcome::error(Errno::ENOENT, "key 'a' doesn't exist")
    );
}

#[tokio::test]
async fn texts() {
    let limits = StoreLimits { store_bytes: 100, store_keys: 100, store_value_bytes: 10 };
    let keys = with_limits(limits);
    let mut terminal = Terminal::new(&keys, COMMANDS);
    terminal.types("config-key ls").await;
    terminal.types("config-key dump").await;
    terminal.types("config-key set mgr/hello/a 1").await;
    terminal.types_with_input("config-key put mgr/hello/b -i FILE", &b"\x00\xff"[..]).await;
    for command in [
        "config-key get mgr/hello/a",
        "config-key get nope",
        "config-key exists mgr/hello/a",
        "config-key exists nope",
        "config-key ls",
        "config-key list",
        "config-key dump mgr/",
        "config-key rm mgr/hello/a",
        "config-key del nope",
    ] {
        terminal.types(command).await;
    }
    assert_text!("config_key", terminal.screen());
}

#[tokio::test]
async fn a_dump_that_fits_into_no_answer_is_refused_before_it_is_made() {
    let limits = StoreLimits { store_bytes: 1 << 30, store_keys: 100, store_value_bytes: 16 << 20 };
    let keys = with_limits(limits);
    let value = "x".repeat(15 << 20);
    for key in 0..5 {
        keys.store.module("m").set(&key.to_string(), Some(&value)).await.unwrap();
    }
    let refused = run(&keys, "config-key dump", json!({}), b"").await;
    assert_eq!(refused.retval, Outcome::error(Errno::E2BIG, "").retval);
    assert!(refused.stderr.starts_with("these 5 keys hold 7864"), "{}", refused.stderr);
    let one = run(&keys, "config-key dump", json!({"key": "mgr/m/4"}), b"").await;
    assert!(one.stdout.len() > 15 << 20);
    let all = run(&keys, "config-key ls", json!({}), b"").await;
    assert_eq!(all.retval, 0);
}

#[tokio::test]
async fn keys_of_options_have_the_limits_of_options() {
    let of_options = options::Limits { module_bytes: 300, bytes: 700, ..Default::default() };
    let keys = keys(StoreLimits::default(), KeyLimits::default(), of_options);
    let mut terminal = Terminal::new(&keys, COMMANDS);
    let long = "x".repeat(150);
    for command in [
        format!("config-key set config/mgr/mgr/hello/a {long}"),
        // The same module in the same section has no room for another one, and another section has.
        format!("config-key set config/mgr/mgr/hello/b {long}"),
        format!("config-key set config/global/mgr/hello/b {long}"),
        // Nor is there a way around the limit of all options: a name that is none, a section that is none.
        format!("config-key set config/global/anything {long}"),
        format!("config-key set config/nothing {long}"),
        format!("config-key set config/ {long}"),
        format!("config-key set config/mgr/{} 1", "n".repeat(257)),
        format!("config-key set config/mgr/mgr/hello/a {}", "y".repeat(149)),
        "config-key rm config/mgr/mgr/hello/a".to_owned(),
        format!("config-key put config/mgr/mgr/hello/b {long}"),
    ] {
        terminal.types(&command).await;
    }
    assert_text!("option_keys", terminal.screen());
    run(&keys, "config-key rm", json!({"key": "config/"}), b"").await;
    let binary = run(&keys, "config-key put", json!({"key": "config/mgr/b"}), b"\x00\xff").await;
    assert_eq!(binary, Outcome::status("set config/mgr/b"));
    assert_eq!(keys.store.get("config/mgr/b").unwrap(), b"\x00\xff"[..]);
    assert!(keys.options.log(10).is_empty(), "there is no version for what is set as a key");
}

#[tokio::test]
async fn a_full_store_names_its_limit_and_the_next_step() {
    let others = KeyLimits { bytes: 100, keys: 2 };
    let keys = keys(StoreLimits::default(), others, options::Limits::default());
    let mut terminal = Terminal::new(&keys, COMMANDS);
    for command in [
        format!("config-key set a {}", "x".repeat(90)),
        format!("config-key set b {}", "x".repeat(20)),
        format!("config-key set mgr/none/b {}", "x".repeat(20)),
        format!("config-key set mgr/none/c {}", "x".repeat(80)),
        "config-key set b 1".to_owned(),
        "config-key set c 1".to_owned(),
        "config-key set mgr/hello/c 1".to_owned(),
    ] {
        terminal.types(&command).await;
    }
    assert_text!("full", terminal.screen());
}
