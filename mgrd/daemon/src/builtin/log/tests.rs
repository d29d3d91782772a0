use mgrd_snapshots::assert_text;
use serde_json::json;

use super::*;
use crate::builtin::tests::harness::{Terminal, recorded};

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
        "log maintenance of rack 4 begins",
    ] {
        terminal.types(command).await;
    }
    assert_text!("log", terminal.screen());
}
