//! `crash`: reports of crashes, kept in its store.

use crate::run;

const REPORT: &str = r#"{"crash_id": "2026-11-22T19:32:46.1Z_a", "entity_name": "osd.1",
    "timestamp": "2026-11-22T19:32:46.123456Z", "process_name": "ceph-osd",
    "ceph_version": "16.2.15", "backtrace": ["(main()+0x1)"]}"#;

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn a_posted_report_is_listed_and_survives_a_restart() {
    let mut daemon = run(&["crash"]);
    assert_eq!(daemon.json("crash ls"), serde_json::json!([]));
    assert_eq!(daemon.ok("crash stat"), "0 crashes recorded\n");
    daemon.ctl("crash post -i -").input(REPORT).run().ok();
    daemon.kill();
    daemon.restart();
    daemon.await_running("crash");
    assert_eq!(daemon.json("crash ls")[0]["entity_name"], "osd.1");
    assert!(daemon.ok("crash info 2026-11-22T19:32:46.1Z_a").contains("ceph-osd"));
    // Its errno is positive, which Ceph's clients take for success as well.
    let missing = daemon.run("crash info nonsense");
    assert_eq!(
        (missing.status, missing.stderr.trim_end()),
        (Some(0), "crash info: nonsense not found")
    );
}
