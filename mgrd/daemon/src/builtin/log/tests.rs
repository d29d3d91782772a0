use mgrd_snapshots::assert_text;
use serde_json::{Value, json};

use super::*;
use crate::builtin::Format;
use crate::builtin::state::text;
use crate::builtin::tests::answers::{json_of, plain, run};
use crate::builtin::tests::harness::{Terminal, empty, recorded};

#[tokio::test]
async fn texts() {
    let (state, feed) = recorded();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("log last").await;
    for (seq, channel, priority, message) in [
        (7, "cluster", Priority::Warning, "Health check failed: 1 osds down (OSD_DOWN)"),
        (
            8,
            "audit",
            Priority::Info,
            "from='client.admin' cmd=[{\"prefix\": \"osd out\"}]: dispatch",
        ),
        (9, "cluster", Priority::Error, "slow ops:\n  osd.1: 12 ops are blocked > 32 s"),
        (10, "cluster", Priority::Debug, "osdmap e29: 3 total, 2 up, 3 in"),
    ] {
        let entry = LogEntry {
            name: "mon.a".into(),
            rank: "mon.0".into(),
            addrs: json!(null),
            stamp: format!("2026-11-22T19:59:{seq:02}.123456+0000"),
            seq,
            channel: channel.into(),
            priority,
            message: message.into(),
        };
        feed.cluster_log(entry).unwrap();
    }
    for command in [
        "log last",
        "log last 1",
        "log last 9 debug *",
        "log last 9 error",
        "log last 0",
        "log last loud",
        "log last 5 loud",
        "log maintenance of rack 4 begins",
    ] {
        terminal.types(command).await;
    }
    assert_text!("log", terminal.screen());
}

#[tokio::test]
async fn log_last_filters_by_channel_level_and_number() {
    let state = empty();
    for (channel, priority, text) in [
        ("cluster", Priority::Debug, "d"),
        ("cluster", Priority::Warning, "w"),
        ("audit", Priority::Info, "a"),
    ] {
        state.feeds.write_log("mon.a", channel, priority, text);
    }
    run(&state, "log", json!({"logtext": ["hello", "world"]}), Format::Plain).await;
    let messages = async |args: Value| -> Vec<String> {
        let entries = json_of(&state, "log last", args).await;
        entries.as_array().unwrap().iter().map(|e| text(&e["message"]).to_owned()).collect()
    };
    assert_eq!(messages(json!({})).await, ["w", "hello world"]);
    assert_eq!(messages(json!({"num": 1})).await, ["hello world"]);
    assert_eq!(messages(json!({"level": "warn"})).await, ["w"]);
    assert_eq!(
        messages(json!({"level": "debug", "channel": "*"})).await,
        ["d", "w", "a", "hello world"]
    );
    let lines = plain(&state, "log last").await;
    assert!(
        lines.ends_with("client.admin (client.admin) 4 : cluster [INF] hello world\n"),
        "{lines}"
    );
}
