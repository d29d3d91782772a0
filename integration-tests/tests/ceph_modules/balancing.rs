//! `balancer` and `pg_autoscaler`, which compute on the OSD map.

use integration_tests::places;

use crate::run;

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn the_balancer_counts_the_recorded_placement() {
    let daemon = run(&["balancer"]);
    assert_eq!(daemon.json("balancer status")["mode"], "upmap");
    let score = daemon.ok("balancer eval rbd");
    assert_eq!(score, "pool \"rbd\" score 0.000000 (lower is better)\n");
    let verbose = daemon.ok("balancer eval-verbose");
    let line = verbose.lines().find(|line| line.starts_with("total_by_pool")).unwrap();
    let placement = places::recorded("pg_to_up_acting");
    for pool in places::recorded("get.osd_map")["pools"].as_array().unwrap() {
        let pgs = placement[pool["pool"].to_string()].as_object().unwrap();
        let placed: usize = pgs.values().map(|osds| osds.as_array().unwrap().len()).sum();
        let total = format!("'{}': {{'pgs': {placed}, ", pool["pool_name"].as_str().unwrap());
        assert!(line.contains(&total), "{line} lacks {total}");
    }
    daemon.ok("balancer off");
    let perfect = daemon.run("balancer optimize plan").fails(114);
    assert!(perfect.contains("distribution is already perfect"), "{perfect}");
}

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn the_autoscaler_knows_the_recorded_pools() {
    let daemon = run(&["pg_autoscaler"]);
    let pools = places::recorded("get.osd_map")["pools"].clone();
    let stored = places::recorded("get.df");
    let status = daemon.json("osd pool autoscale-status");
    assert_eq!(status.as_array().unwrap().len(), pools.as_array().unwrap().len());
    for (shown, pool) in status.as_array().unwrap().iter().zip(pools.as_array().unwrap()) {
        assert_eq!(shown["pool_name"], pool["pool_name"]);
        assert_eq!(shown["pg_num_target"], pool["pg_num_target"]);
        let mut used = stored["pools"].as_array().unwrap().iter();
        let used = used.find(|used| used["id"] == pool["pool"]).unwrap();
        assert_eq!(shown["logical_used"], used["stats"]["stored"], "{shown}");
        let rate = if pool["pool_name"] == "ecpool" { 1.5 } else { 3.0 };
        assert_eq!(shown["raw_used_rate"], rate);
    }
}
