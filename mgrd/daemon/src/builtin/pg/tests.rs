use mgrd_snapshots::assert_text;

use super::*;
use crate::builtin::tests::harness::{Terminal, empty, recorded};

#[tokio::test]
async fn texts() {
    let (state, feed) = recorded();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("pg stat").await;
    let mut pgs = state.cluster.value("pg_status");
    pgs["pgs_by_state"] = json!([{"state_name": "active+undersized+degraded", "count": 71},
        {"state_name": "peering", "count": 2}]);
    for (key, value) in [
        ("degraded_objects", 26034),
        ("degraded_total", 78102),
        ("misplaced_objects", 12),
        ("misplaced_total", 78102),
        ("unfound_objects", 1),
        ("unfound_total", 26034),
    ] {
        pgs[key] = value.into();
    }
    feed.put_document("pg_status", pgs.to_string().into()).unwrap();
    terminal.types("pg stat").await;
    assert_text!("pg", terminal.screen());
}

#[tokio::test]
async fn texts_without_pgs() {
    let state = empty();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("pg stat").await;
    state.cluster.documents.put("pg_status", json!({"pgs_by_state": []}).to_string().into());
    terminal.types("pg stat").await;
    assert_text!("pg_none", terminal.screen());
}
