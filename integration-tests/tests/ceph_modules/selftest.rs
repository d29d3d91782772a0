//! `selftest`: every accessor that a module has, and calls from one module to another.

use integration_tests::places;

use crate::{STILL, ceph, run};

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn all_accessors_pass() {
    // It sets options of this one, which need not be enabled.
    let telemetry = places::ceph_modules().join("telemetry");
    let daemon = ceph(&["selftest"]).installed(&telemetry).replay(STILL).start();
    daemon.await_running("selftest");
    let done = daemon.run("mgr self-test run");
    assert_eq!(done.status, Some(0), "{}", done.stderr);
    assert_eq!(done.stderr, "Self-test succeeded\n");
    assert_eq!(daemon.ok("config get mgr mgr/telemetry/contact"), "test@test.com\n");
    assert_eq!(daemon.ok("config-key get mgr/selftest/testkey").trim_end(), "testvalue");
    assert_eq!(daemon.json("mgr services")["selftest"], "http://this.is.a.test.com");
    assert_eq!(daemon.ok("mgr self-test config get testkey"), "testvalue\n");
    assert_eq!(daemon.ok("mgr self-test config get_localized testkey"), "foo\n");
    let python = daemon.ok("mgr self-test python-version");
    assert!(python.starts_with("3."), "{python}");
}

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn its_health_checks_and_log_entries_reach_the_cluster() {
    let daemon = run(&["selftest"]);
    let check = r#"{"SAID_SO": {"severity": "error", "summary": "it did", "detail": ["twice"]}}"#;
    daemon.ctl("mgr self-test health set").word(check).run().ok();
    let health = daemon.json("health detail");
    assert_eq!(health["status"], "HEALTH_ERR");
    let check = &health["checks"]["SAID_SO"];
    assert_eq!(check["summary"]["message"], "it did");
    assert_eq!(check["summary"]["count"], 123);
    assert_eq!(check["detail"][0]["message"], "twice");
    daemon.ok("mgr self-test health clear SAID_SO");
    assert!(daemon.json("health")["checks"]["SAID_SO"].is_null());
    daemon.ctl("mgr self-test cluster-log cluster warning").word("so it was").run().ok();
    assert!(daemon.ok("log last 1").contains("cluster [WRN] so it was"));
}

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn it_calls_other_modules_and_learns_why_a_call_fails() {
    let daemon = run(&["selftest", "influx", "iostat"]);
    assert_eq!(daemon.run("mgr self-test remote").stderr, "Successfully called\n");
    assert_eq!(daemon.run("mgr self-test module iostat").stderr, "Self-test OK\n");
    let absent = daemon.run("mgr self-test module nosuch").fails(22);
    assert!(absent.contains("ImportError: cannot call 'nosuch'"), "{absent}");
}
