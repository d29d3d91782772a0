use mgrd_snapshots::assert_text;
use serde_json::Value;

use super::*;
use crate::builtin::Format;
use crate::builtin::state::text;
use crate::builtin::tests::answers::{json_of, run};
use crate::builtin::tests::harness::{Terminal, empty, recorded};
use crate::managers::Manager;

#[tokio::test]
async fn texts_of_commands() {
    let (state, _feed) = recorded();
    let map = json!({"active_change": "2026-11-22T19:57:00.000000+0000", "active_name": "me",
        "available": true, "epoch": 12, "modules": ["hello"],
        "services": {"dashboard": "http://node1:8080/"}, "standbys": [{"name": "y"}]});
    state.cluster.put_own("mgr_map", &map).unwrap();
    let standby = |id: &str, gid| Manager { id: id.to_owned(), gid, ..Manager::default() };
    let _y = state.managers.register(standby("y", 2)).unwrap();
    let mut terminal = Terminal::new(&state, COMMANDS);
    for command in [
        "mgr services",
        "mgr dump",
        "mgr stat",
        "mgr metadata x",
        "mgr metadata q",
        "mgr versions",
        "mgr count-metadata distro",
        "mgr fail q",
        "mgr fail y",
    ] {
        terminal.types(command).await;
    }
    assert_text!("mgr", terminal.screen());
}

#[tokio::test]
async fn texts_of_a_manager_that_steps_down() {
    let mut screens = Vec::new();
    for standbys in [&[][..], &["y"], &["y", "z"]] {
        let state = empty();
        // What 'mgr fail' waits for.
        state.managers.end();
        let standby = |id: &&str| Manager { id: (*id).to_owned(), ..Manager::default() };
        let register = |id| state.managers.register(standby(id)).unwrap();
        let _registered: Vec<_> = standbys.iter().map(register).collect();
        let mut terminal = Terminal::new(&state, COMMANDS);
        terminal.types("mgr fail").await;
        screens.push(terminal.screen().to_owned());
    }
    assert_text!("mgr_fail", screens.join("\n"));
}

#[tokio::test]
async fn mgr_metadata_lists_this_manager_too() {
    let (state, _feed) = recorded();
    let all = json_of(&state, "mgr metadata", Value::Null).await;
    let names: Vec<_> = all.as_array().unwrap().iter().map(|m| text(&m["name"])).collect();
    assert_eq!(names, ["me", "x"]);
    let counts = json_of(&state, "mgr count-metadata", json!({"property": "os"})).await;
    assert_eq!(counts, json!({"Linux": 1, "unknown": 1}));
    let unknown = run(&state, "mgr metadata", json!({"who": "y"}), Format::Plain).await;
    assert_eq!(unknown.retval, -2);
}
