use std::sync::Arc;

use mgrd_snapshots::assert_text;
use mgrd_storage::embedded::EmbeddedStorage;
use serde_json::json;

use super::*;
use crate::builtin::Format;
use crate::builtin::tests::harness::Terminal;
use crate::store::StoreLimits;

async fn run(store: &Store, words: &str, args: Value, input: &'static [u8]) -> Outcome {
    let prefix = |cmd: &str| {
        let literal = cmd.split(' ').filter(|word| !word.contains('='));
        literal.collect::<Vec<_>>().join(" ")
    };
    let command = COMMANDS.iter().find(|c| prefix(c.cmd) == words).unwrap();
    let args = args.as_object().unwrap().clone();
    let input = input.into();
    let request = Request { args, format: Format::Json, input, ..Request::default() };
    (command.run)(store, &request).await
}

#[tokio::test]
async fn the_commands_answer_as_in_ceph() {
    let limits = StoreLimits { store_bytes: 100, store_keys: 100, store_value_bytes: 100 };
    let store = Store::new(Arc::new(EmbeddedStorage::in_memory().unwrap()), limits, Arc::default());
    let a = || json!({"key": "a"});
    let set = run(&store, "config-key set", json!({"key": "a", "val": "1"}), b"").await;
    assert_eq!(set, Outcome::status("set a"));
    assert_eq!(run(&store, "config-key get", a(), b"").await, Outcome::ok("1"));
    let exists = run(&store, "config-key exists", a(), b"").await;
    assert_eq!(exists, Outcome::status("key 'a' exists"));
    run(&store, "config-key put", json!({"key": "b"}), b"\x00\xff").await;
    assert_eq!(run(&store, "config-key ls", json!({}), b"").await.stdout, "[\"a\",\"b\"]\n");
    let dump = run(&store, "config-key dump", json!({}), b"").await;
    assert_eq!(dump.stdout, "{\"a\":\"1\",\"b\":\"<<< binary blob of length 2 >>>\"}\n");
    for _ in 0..2 {
        let gone = run(&store, "config-key rm", a(), b"").await;
        assert_eq!(gone, Outcome::status("key deleted"));
    }
    let missing = run(&store, "config-key exists", a(), b"").await;
    assert_eq!(missing, Outcome::error(Errno::ENOENT, "key 'a' doesn't exist"));
    assert_eq!(
        run(&store, "config-key get", a(), b"").await,
        Outcome::error(Errno::ENOENT, "key 'a' doesn't exist")
    );
}

#[tokio::test]
async fn texts() {
    let limits = StoreLimits { store_bytes: 100, store_keys: 100, store_value_bytes: 10 };
    let store = Store::new(Arc::new(EmbeddedStorage::in_memory().unwrap()), limits, Arc::default());
    let mut terminal = Terminal::new(&store, COMMANDS);
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
    let store = Store::new(Arc::new(EmbeddedStorage::in_memory().unwrap()), limits, Arc::default());
    let value = "x".repeat(15 << 20);
    for key in 0..5 {
        store.module("m").set(&key.to_string(), Some(&value)).await.unwrap();
    }
    let refused = run(&store, "config-key dump", json!({}), b"").await;
    assert_eq!(refused.retval, Outcome::error(Errno::E2BIG, "").retval);
    assert!(refused.stderr.starts_with("these 5 keys hold 7864"), "{}", refused.stderr);
    let one = run(&store, "config-key dump", json!({"key": "mgr/m/4"}), b"").await;
    assert!(one.stdout.len() > 15 << 20);
    let keys = run(&store, "config-key ls", json!({}), b"").await;
    assert_eq!(keys.retval, 0);
}
