use mgrd_snapshots::assert_text;
use serde_json::json;

use super::*;
use crate::builtin::tests::harness::shown;

#[test]
fn texts() {
    let revisions: Vec<Revision> = serde_json::from_value(json!([
        {"version": 12, "timestamp": "2026-11-22T19:59:00Z", "name": "assimilate-conf", "changes": [
            {"name": "global/debug_mgr", "new_value": "2/5"},
            {"name": "osd/osd_memory_target", "previous_value": "4096", "new_value": "8192"}]},
        {"version": 11, "timestamp": "2026-11-22T19:58:00.5Z", "name": "", "changes": [
            {"name": "mgr/mgr/hello/place", "previous_value": "World"}]}]))
    .unwrap();
    assert_text!("history", shown("config log", &Outcome::ok(history(&revisions))));
}
