//! `self.rados`: it is connected if there is a Ceph configuration, or else it says what is missing.

use integration_tests::eventually;

use crate::mon::{FSID, Mon};
use crate::{STILL, ceph};

/// Stands on this project's `mgr_module`; `mirroring`, which needs `rados` to start, on Ceph's.
const ASKS: &str = r#"
from mgr_module import CLIReadCommand, MgrModule


class Asks(MgrModule):
    @CLIReadCommand("asks fsid")
    def fsid(self) -> tuple[int, str, str]:
        """Ask the cluster who it is"""
        return 0, self.rados.get_fsid(), ""
"#;

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn it_is_connected_to_the_cluster_of_the_configuration() {
    let setup = ceph(&["mirroring"]).python("asks", ASKS).replay(STILL);
    let mon = Mon::start(setup.folder());
    let daemon = setup.argument("--ceph-conf").argument(&mon.conf).start();
    daemon.await_running("asks");
    // librados is connected before it has read the map of the mons, and until then its id is zero.
    eventually("the id of the cluster", || {
        let fsid = daemon.ok("asks fsid");
        if fsid == format!("{FSID}\n") { Ok(()) } else { Err(fsid) }
    });
    daemon.await_running("mirroring");
}

#[test]
#[ignore = "needs Ceph's modules: make ceph-modules"]
fn without_a_configuration_it_says_so() {
    let daemon = ceph(&["mirroring"]).python("asks", ASKS).replay(STILL).start();
    let missing = "RuntimeError: rados: mgrd knows no Ceph configuration to connect with; \
                   name one in its option 'ceph_conf'";
    daemon.await_running("asks");
    let refused = daemon.run("asks fsid").fails(22);
    assert!(refused.contains(missing), "{refused}");
    eventually("why the other one does not start", || {
        let row = daemon.module("mirroring");
        let last = row["last_words"].as_array().and_then(|lines| lines.last());
        if last.is_some_and(|line| line == missing) { Ok(()) } else { Err(row) }
    });
}
