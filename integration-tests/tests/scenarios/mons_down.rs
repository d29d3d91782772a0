//! A disconnected or stale feed: clients and modules see it, and continue with the last state.

use integration_tests::{Setup, TestManager, eventually};

use crate::feed::Feed;
use crate::probe::{probe, show, start};

/// Waits until modules, `status` and `health` all say this about the feed.
fn await_connection(daemon: &TestManager, live: bool) {
    eventually(if live { "the feed is known to be back" } else { "the feed is missed" }, || {
        let seen = (
            show(daemon, "self.have_mon_connection()") == "True",
            daemon.json("status")["have_mon_connection"] == true,
            !daemon.ok("health detail").contains("MGR_FEED_DOWN"),
        );
        if seen == (live, live, live) { Ok(()) } else { Err(format!("{seen:?}")) }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_feed_is_reported_until_it_returns() {
    let daemon = start(Setup::new(), &[]);
    assert_eq!(show(&daemon, "self.have_mon_connection()"), "False");
    assert!(daemon.ok("status").contains("no feed has connected yet"));
    assert!(!daemon.ok("health detail").contains("MGR_FEED_DOWN"));
    let mut feed = Feed::connect(&daemon, "ceph").await;
    feed.document("osd_map", r#"{"epoch": 7}"#).await;
    await_connection(&daemon, true);

    drop(feed);
    await_connection(&daemon, false);
    let health = daemon.ok("health detail");
    for part in ["HEALTH_WARN", "feed 'ceph' is disconnected", "`mgrctl feed forget ceph`"] {
        assert!(health.contains(part), "{health} lacks {part}");
    }
    let status = daemon.ok("status");
    assert!(status.contains("ceph is disconnected"), "{status}");
    let went_on = "self.set_store('k', 'v'), self.get_store('k'), self.get('osd_map')";
    assert_eq!(show(&daemon, went_on), "(None, 'v', {'epoch': 7})");

    let mut feed = Feed::connect(&daemon, "ceph").await;
    await_connection(&daemon, true);
    feed.document("osd_map", r#"{"epoch": 8}"#).await;
    assert_eq!(show(&daemon, "self.get('osd_map')"), "{'epoch': 8}");
    assert_eq!(daemon.ok("health"), "HEALTH_OK\n");

    drop(feed);
    await_connection(&daemon, false);
    daemon.ok("feed forget ceph");
    assert_eq!(daemon.ok("health"), "HEALTH_OK\n");
    assert_eq!(show(&daemon, "self.get('osd_map')"), "None");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_feed_is_reported_until_it_sends_again() {
    let setup = Setup::new();
    let file = setup.folder().join("mgrd.toml");
    std::fs::write(&file, "[limits.feed]\nstale_after = 0.5\n").unwrap();
    let daemon = probe(setup.argument("--config").argument(&file), &[]).start();
    daemon.await_running("probe");
    let feed = Feed::connect(&daemon, "ceph").await;
    await_connection(&daemon, false);
    let health = daemon.ok("health detail");
    assert!(health.contains("feed 'ceph' is stale"), "{health}");
    let speaking = feed.keep_alive();
    await_connection(&daemon, true);
    drop(speaking);
    await_connection(&daemon, false);
}

#[test]
fn a_replayed_recording_counts_as_live() {
    let daemon = start(Setup::new().replay(0.001), &[]);
    await_connection(&daemon, true);
}
