//! Standby managers: the active manager shows them, and each has a name of its own.

use integration_tests::{Setup, eventually, process};
use nix::sys::signal::Signal;
use serde_json::json;

use crate::half::{HALF, half_of, two, two_halves};

#[test]
fn the_active_manager_shows_its_standbys() {
    let (daemon, mut peer) = two(Setup::new().installed_python("half", HALF));
    let with = daemon.json("mgr stat");
    assert_eq!((&with["active_name"], &with["num_standby"]), (&json!("x"), &json!(1)));
    assert_eq!(daemon.json("mgr versions").as_object().unwrap().values().next(), Some(&json!(2)));
    let metadata = daemon.json("mgr metadata y");
    assert_eq!(metadata["pid"], peer.pid().to_string());
    let status = daemon.ok("status");
    assert!(status.contains("standbys: y"), "{status}");
    assert_eq!(daemon.json("status")["mgrmap"]["num_standbys"], 1);
    eventually("the map has the modules of the standby", || {
        let standby = daemon.json("mgr dump")["standbys"][0].clone();
        if standby["available_modules"][0]["name"] == "half" { Ok(()) } else { Err(standby) }
    });
    peer.kill();
    daemon.await_standbys(&[]);
    let without = daemon.json("mgr stat");
    assert!(without["epoch"].as_u64() > with["epoch"].as_u64(), "{without}");
}

#[test]
fn a_dropped_standby_registers_again() {
    let (daemon, peer) = two(Setup::new());
    let why = daemon.run("mgr fail absent").fails(2);
    assert!(why.contains("'absent'"), "{why}");
    let gid = daemon.json("mgr dump")["standbys"][0]["gid"].to_string();
    daemon.ok(&format!("mgr fail {gid}"));
    peer.await_log("dropped by an operator");
    daemon.await_standbys(&["y"]);
    daemon.await_active("x");
}

#[test]
fn a_standby_that_ends_leaves_no_process_and_no_socket() {
    let (daemon, mut peer) = two_halves();
    half_of(&peer);
    peer.signal(Signal::SIGTERM);
    assert!(peer.await_end().success());
    daemon.await_standbys(&[]);
    let module = daemon.await_running("half");
    let mut left = process::of_folder(daemon.folder());
    left.sort_unstable();
    assert_eq!(left, [daemon.pid().min(module), daemon.pid().max(module)]);
    let private = daemon.folder().join(format!("y.{}.sock", peer.pid()));
    assert!(!private.exists());
}

#[test]
fn a_name_that_is_in_use_is_refused() {
    let (daemon, _y) = two(Setup::new());
    for id in ["x", "y"] {
        let mut second = daemon.start_manager(id);
        assert!(!second.await_end().success());
        let log = second.log();
        assert!(log.contains(&format!("'{id}'")) && log.contains("--id"), "{log}");
    }
    daemon.await_standbys(&["y"]);
}
