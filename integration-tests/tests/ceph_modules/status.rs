//! `status`: the tables of OSDs and file systems, and the file that its log can go to.

use integration_tests::{eventually, places};

use crate::{STILL, ceph, run};

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn its_tables_show_the_recorded_state() {
    let daemon = run(&["status"]);
    let table = daemon.ok("osd status");
    let rows: Vec<Vec<&str>> =
        table.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    let stats = places::recorded("get.osd_stats");
    assert_eq!(rows.len(), stats["osd_stats"].as_array().unwrap().len(), "{table}");
    for row in rows {
        assert_eq!(row[1..], ["node1", "409M", "614M", "0", "0", "0", "0", "exists,up"], "{table}");
    }
    let fs = daemon.json("fs status");
    let counters = &places::recorded("get_all_perf_counters")["mds.a"];
    let rank = &fs["mdsmap"][0];
    assert_eq!((&rank["name"], &rank["state"]), (&"a".into(), &"active".into()));
    for (field, counter) in [("inos", "ino"), ("dirs", "dir"), ("caps", "cap"), ("dns", "dn")] {
        assert_eq!(rank[field], counters[format!("mds_mem.{counter}")]["value"], "{field}");
    }
    let version = fs["mds_version"].as_str().unwrap();
    assert_eq!(version, places::recorded("version").as_str().unwrap());
}

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn its_log_can_go_to_a_file_of_its_own() {
    let setup = ceph(&["status"]);
    let (log, own) = (setup.folder().join("x.log"), setup.folder().join("x.status.log"));
    let daemon = setup.argument("--log-file").argument(log).replay(STILL).start();
    daemon.await_running("status");
    daemon.ok("config set mgr mgr/status/log_to_file true");
    daemon.ok("config set mgr mgr/status/log_level debug");
    eventually("its own log", || {
        // It says at the level ERROR that it handles a command.
        daemon.ok("osd status");
        let text = std::fs::read_to_string(&own).unwrap_or_default();
        if text.contains("handle_command") { Ok(()) } else { Err(text) }
    });
}
