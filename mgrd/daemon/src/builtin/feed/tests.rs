use std::time::Duration;

use mgrd_snapshots::{assert_errors, assert_text};
use serde_json::Value;

use super::*;
use crate::builtin::Format;
use crate::builtin::tests::answers::{json_of, plain, run};
use crate::builtin::tests::harness::{Terminal, empty, recorded, shown};
use crate::feed::Hello;

#[tokio::test]
async fn texts_of_commands() {
    let state = empty();
    let mut terminal = Terminal::new(&state, COMMANDS);
    terminal.types("feed ls").await;
    let feed = |name: &str, connected, silent| FeedStatus {
        hello: Hello {
            name: name.to_owned(),
            commands: name == "ceph",
            stale_after: Some(Duration::from_secs(30)),
            ..Hello::default()
        },
        connected,
        silent: Duration::from_secs(silent),
        documents: 31,
        daemons: 5,
    };
    let feeds = [feed("ceph", true, 2), feed("hosts.rack-4", true, 95), feed("old", false, 7300)];
    let seen = shown("feed ls", &Outcome::ok(table(&feeds)));
    let (state, handle) = recorded();
    let mut later = Terminal::new(&state, COMMANDS);
    later.types("feed forget replay").await;
    drop(handle);
    later.types("feed forget replay").await;
    assert_text!("feed", [terminal.screen(), &seen, later.screen()].join("\n"));
}

#[test]
fn texts() {
    assert_errors!(NothingToForget of [NothingToForget("ceph".into())]);
}

#[tokio::test]
async fn feeds_are_listed_and_forgotten() {
    let (state, feed) = recorded();
    let list = json_of(&state, "feed ls", Value::Null).await;
    assert_eq!((&list[0]["name"], &list[0]["state"]), (&json!("replay"), &json!("connected")));
    assert!(plain(&state, "feed ls").await.contains("\nreplay  connected  "));
    let forget =
        async || run(&state, "feed forget", json!({"name": "replay"}), Format::Plain).await;
    assert_eq!(forget().await.retval, -2);
    drop(feed);
    assert_eq!(json_of(&state, "feed ls", Value::Null).await[0]["state"], "disconnected");
    assert_eq!(forget().await.retval, 0);
    assert_eq!(json_of(&state, "feed ls", Value::Null).await, json!([]));
    assert_eq!(state.cluster.get("osd_map"), None);
}
