//! No module process outlives its daemon.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::harness::{Place, eventually, gone, state};
use crate::module::ModuleState;

/// Not a test: the daemon that is killed by the one below.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "only run as a process by the test below"]
async fn daemon() {
    let place = Place::new();
    place.module("m", "cat $MGRD_SECRET_FILE > /dev/null; exec sleep 1000");
    let modules = place.start(&["m"]).await;
    state(&modules, "m", ModuleState::Starting).await;
    let pid = || modules.get("m").map(|module| module.pid).filter(|pid| *pid != 0);
    let pid = eventually("the process of the module", pid).await;
    println!("\nPLACE {}", place.dir.path().display());
    println!("\nMODULE {pid}");
    std::future::pending::<()>().await;
}

#[tokio::test]
async fn a_module_dies_with_a_daemon_that_is_killed() {
    let mut daemon = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "module::tests::orphans::daemon", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(daemon.stdout.take().unwrap()).lines().map(Result::unwrap);
    let mut printed =
        |what: &str| lines.find_map(|line| line.strip_prefix(what).map(str::to_owned)).unwrap();
    let place = printed("PLACE ");
    let pid = printed("MODULE ").parse().unwrap();
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    gone(pid).await;
    std::fs::remove_dir_all(place).unwrap();
}
