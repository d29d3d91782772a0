use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{Terminal, empty, now, shown};

#[tokio::test]
async fn texts() {
    let state = empty();
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in ["progress", "progress json", "progress clear"] {
        terminal.types(command).await;
    }
    let event = |message: &str, progress, started: &str| ProgressEvent {
        id: message.to_owned(),
        module: "rebalance".into(),
        message: message.to_owned(),
        progress,
        add_to_ceph_s: true,
        started_at: started.to_owned(),
        finished_at: None,
    };
    let events = [
        event("Rebalancing after osd.1 marked out", 0.4, "2026-11-22T19:58:00.000000+0000"),
        event("Scrub", 0.0, "2026-11-22T19:59:30.000000+0000"),
        event("Snapshot trim", 1.0, "2026-11-20T20:00:00.000000+0000"),
    ];
    let text: String = events.iter().flat_map(|event| lines(event, "", now())).collect();
    let under_way = shown("progress", &Outcome::ok(text));
    assert_text!("progress", format!("{}\n{under_way}", terminal.screen()));
}
