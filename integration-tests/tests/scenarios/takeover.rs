//! Takeover: another manager becomes active with everything that was acknowledged, and only one
//! manager writes.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use integration_tests::{Ctl, Manager, Setup, TestManager, eventually, process};
use nix::fcntl::{Flock, FlockArg};
use nix::sys::signal::Signal;
use serde_json::json;

use crate::half::{await_service, half_of, page, page_json, two_halves};

#[test]
fn when_the_active_manager_is_killed_a_standby_continues_with_all_data() {
    let (mut daemon, peer) = two_halves();
    daemon.ok("config set mgr mgr/half/colour blue");
    half_of(&peer);
    let before = daemon.json("mgr dump");
    daemon.ok("config-key set mgr/half/key acknowledged");
    daemon.kill();
    // The commands wait, first for the manager and then for the module.
    let status = daemon.ok("mgr stat");
    assert!(status.contains("\"y\""), "{status}");
    assert_eq!(daemon.ok("half seen"), "[\"y\", \"blue\", \"acknowledged\"]\n");
    let after = daemon.json("mgr dump");
    assert_ne!(after["active_change"], before["active_change"]);
    assert_eq!(after["standbys"], json!([]));
    assert_eq!(after["modules"], before["modules"]);
    peer.await_log("standby half ends");
    assert!(page(&await_service(&daemon), "/").1.contains("active y"));
    peer.await_log("its file is verified before the first write");
    daemon.ok("config-key set more written");
}

/// Writes until it is to stop; returns the keys that were acknowledged.
fn write(daemon: &TestManager, writer: &str, stop: &AtomicBool) -> Vec<String> {
    let keys = (0..).map(|n| format!("torn/{writer}/{n}"));
    let acknowledged = keys
        .take_while(|_| !stop.load(SeqCst))
        .filter(|key| daemon.run(&format!("config-key set {key} {key}")).status == Some(0));
    acknowledged.collect()
}

#[test]
fn takeovers_during_many_writes_lose_no_acknowledged_write() {
    let mut daemon = Setup::new().start();
    let (mut active, mut acknowledged) = (None::<Manager>, Vec::new());
    let mut at_once = 0;
    for round in 0..5 {
        let standby = daemon.start_manager(&format!("m{round}"));
        standby.await_log("the standby has everything");
        let (stop, shared) = (AtomicBool::new(false), &daemon);
        let written = std::thread::scope(|scope| {
            let writers = ["a", "b", "c"].map(|name| {
                let (name, stop) = (format!("{round}{name}"), &stop);
                scope.spawn(move || write(shared, &name, stop))
            });
            eventually("writes are under way", || {
                let found = shared.run(&format!("config-key exists torn/{round}a/5"));
                if found.status == Some(0) { Ok(()) } else { Err(found.stderr) }
            });
            active.as_ref().map_or_else(
                || shared.signal(Signal::SIGKILL),
                |active| active.signal(Signal::SIGKILL),
            );
            standby.await_log("mgrd is active");
            stop.store(true, SeqCst);
            writers.map(|writer| writer.join().unwrap()).concat()
        });
        match &mut active {
            Some(active) => active.kill(),
            None => daemon.kill(),
        }
        assert!(!written.is_empty(), "no write was acknowledged");
        acknowledged.extend(written);
        at_once += u32::from(standby.log().contains("its file is verified before the first write"));
        let stored = daemon.json("config-key dump torn/");
        for key in &acknowledged {
            assert_eq!(stored[key], key.as_str(), "{key} was acknowledged");
        }
        active = Some(standby);
    }
    assert!(at_once > 0, "each standby has read the whole file first");
}

#[test]
fn the_role_changes_between_managers_and_their_processes_stay() {
    let (daemon, peer) = two_halves();
    let said = daemon.run("mgr fail");
    assert_eq!(said.status, Some(0));
    assert!(said.stderr.contains("'y' takes over"), "{}", said.stderr);
    // After this answer, the old manager answers no more commands.
    assert_eq!(daemon.json("mgr stat")["active_name"], "y");
    assert_eq!(daemon.ok("half seen"), "[\"y\", \"red\", null]\n");
    daemon.await_standbys(&["x"]);
    daemon.ok("mgr fail y");
    assert_eq!(daemon.json("mgr stat")["active_name"], "x");
    assert_eq!(daemon.ok("half seen"), "[\"x\", \"red\", null]\n");
    daemon.await_standbys(&["y"]);
    for pid in [daemon.pid(), peer.pid()] {
        assert!(process::alive(pid));
    }
}

#[test]
fn a_single_manager_becomes_active_again_after_mgr_fail() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    let before = daemon.await_running("rust");
    daemon.ok("config-key set a b");
    let said = daemon.run("mgr fail");
    assert_eq!(said.status, Some(0));
    assert!(said.stderr.contains("becomes active again"), "{}", said.stderr);
    daemon.await_restart("rust", before);
    assert_eq!(daemon.ok("config-key get a").trim_end(), "b");
    assert!(process::alive(daemon.pid()));
}

#[test]
fn each_of_three_managers_can_take_over() {
    let (mut daemon, y) = two_halves();
    let z = daemon.start_manager("z");
    daemon.await_standbys(&["y", "z"]);
    daemon.kill();
    let first = daemon.json("mgr stat")["active_name"].as_str().unwrap().to_owned();
    let (mut first, second, second_id) = if first == "y" { (y, z, "z") } else { (z, y, "y") };
    daemon.await_standbys(&[second_id]);
    // The one that still waits follows the new one.
    daemon.ok("config set mgr mgr/half/colour blue");
    let half = half_of(&second);
    eventually("the half follows the new active one", || {
        let seen = page_json(&half, "/seen");
        let active = await_service(&daemon);
        let follows = seen["colour"] == "blue" && seen["uri"] == active.as_str();
        if follows { Ok(()) } else { Err(seen) }
    });
    first.kill();
    assert_eq!(daemon.ok("half seen"), format!("[\"{second_id}\", \"blue\", null]\n"));
}

#[test]
fn a_standby_without_an_active_manager_waits_and_clients_wait_for_it() {
    let setup = Setup::new().rogue("rust", &[]);
    // Another process holds the lock and does not lead.
    let data = setup.folder().join("data");
    std::fs::create_dir(&data).unwrap();
    let file = File::create(data.join("lock")).unwrap();
    let lock = Flock::lock(file, FlockArg::LockExclusive).unwrap();
    let peer = Manager::start(&setup, "y");
    peer.await_log("waits as standby");
    let client = Ctl::new(&setup.socket(), "mgr stat").spawn();
    assert!(!setup.socket().exists());
    drop(lock);
    assert!(client.end().ok().contains("\"y\""));
}

#[test]
fn a_manager_whose_lock_file_is_removed_stops_writing() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.ok("config-key set a b");
    std::fs::remove_file(daemon.folder().join("data/lock")).unwrap();
    let _y = daemon.start_manager("y");
    daemon.await_log("must not lead any more");
    // Whichever of the two leads now, the other one waits, and nothing is lost.
    eventually("both are there again", || {
        let map = daemon.json("mgr dump");
        let other = if map["active_name"] == "x" { "y" } else { "x" };
        if map["standbys"][0]["name"] == other { Ok(()) } else { Err(map) }
    });
    assert_eq!(daemon.ok("config-key get a").trim_end(), "b");
    daemon.ok("config-key set c d");
    daemon.await_running("rust");
}
