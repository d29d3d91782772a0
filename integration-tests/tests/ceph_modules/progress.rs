//! `progress`: recovery under way, computed from each OSD map and the next.

use integration_tests::eventually;

use crate::ceph;

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn an_osd_that_is_marked_out_becomes_an_event() {
    // The module looks once a second, and has to find the OSD serving and then out, with nothing
    // between: at this speed, wherever the recording is when it looks first, it does within seconds.
    let daemon = ceph(&["progress"]).replay(27.0).argument("--replay-loop").start();
    let process = daemon.await_running("progress");
    daemon.ok("config set mgr mgr/progress/sleep_interval 1");
    eventually("an event for osd.1", || {
        let json = daemon.ok("progress json");
        if json.contains("Rebalancing after osd.1 marked out") { Ok(()) } else { Err(json) }
    });
    assert_eq!(daemon.await_running("progress"), process);
}
