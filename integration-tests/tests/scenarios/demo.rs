//! What a newcomer does after `make demo`.

use integration_tests::{Setup, TestDaemon, eventually, process};
use nix::sys::signal::Signal;

const PLAYED: [&str; 5] = ["hello", "antigravity", "greeter", "osdwatch", "exporter"];

fn has_node() -> bool {
    std::process::Command::new("node").arg("--version").output().is_ok()
        && integration_tests::places::example("greeter").join("node_modules").is_dir()
}

/// The modules of the demonstration; the JavaScript one only where there is Node.js.
fn modules() -> impl Iterator<Item = &'static str> {
    PLAYED.into_iter().filter(|name| *name != "greeter" || has_node())
}

fn demo(speed: f64) -> TestDaemon {
    let setup = modules().fold(Setup::new(), Setup::example).replay(speed);
    let daemon = setup.argument("--replay-loop").start();
    daemon.await_running("exporter");
    // The exporter's default port may be taken, by another test for one.
    daemon.ok("config set mgr mgr/exporter/port 0");
    daemon
}

#[test]
fn the_recorded_cluster_and_all_modules_are_there() {
    let daemon = demo(1.0);
    for module in modules() {
        assert_ne!(daemon.await_running(module), 0, "{module}");
    }
    let status = daemon.ok("status");
    for part in [
        "cluster:",
        "HEALTH_",
        "mon: 1 daemons",
        "x(active",
        "3 osds: 3 up",
        "5 pools, 73 pgs",
        "usage:",
    ] {
        assert!(status.contains(part), "{status}\nlacks {part}");
    }
    assert_eq!(daemon.ok("-s").lines().next(), status.lines().next());
    let json = daemon.json("status");
    assert_eq!(json["osdmap"]["num_osds"], 3, "{json}");
    assert!(daemon.ok("osd tree").contains("osd.1"));
    assert!(daemon.json("versions")["overall"].is_object());
}

#[test]
fn a_lost_osd_is_told_by_both_and_forgotten_by_both() {
    let daemon = demo(10.0);
    daemon.await_running("osdwatch");
    eventually("both checks", || {
        let health = daemon.ok("health detail");
        let both = health.contains(" OSD_DOWN") && health.contains(" OSDWATCH_DOWN");
        if both && health.contains("osd.1") { Ok(()) } else { Err(health) }
    });
    eventually("neither check", || {
        let health = daemon.ok("health detail");
        if health.contains("OSD_DOWN") || health.contains("OSDWATCH_DOWN") {
            Err(health)
        } else {
            Ok(())
        }
    });
    assert!(daemon.ok("osdwatch history").contains("osd.1"));
}

#[test]
fn the_modules_answer_and_options_change_their_answers_at_once() {
    let daemon = demo(1.0);
    daemon.await_running("antigravity");
    assert_eq!(daemon.ok("antigravity list wormholes apple"), "[]\n");
    daemon.ok("antigravity create wormhole apple way");
    assert_eq!(
        daemon.json("antigravity list wormholes apple"),
        serde_json::json!([{"name": "way"}])
    );
    let swallowed = daemon.ok("antigravity send to blackhole apple");
    assert_eq!(swallowed, "the black hole swallowed 'apple'\n");
    assert_eq!(daemon.ok("foobar it"), "it is awesome\n");
    daemon.ok("config set mgr mgr/antigravity/strength 5");
    assert_eq!(daemon.json("antigravity dump config apple")["strength"], 5);
    daemon.run("config set mgr mgr/antigravity/strength 12").fails(22);
}

#[test]
fn any_module_killed_is_back_and_the_others_are_the_same() {
    let daemon = demo(1.0);
    let mut pids = modules().map(|name| (name, daemon.await_running(name))).collect::<Vec<_>>();
    for at in 0..pids.len() {
        let (name, before) = pids[at];
        process::signal(before, Signal::SIGKILL);
        pids[at].1 = daemon.await_restart(name, before);
        for (other, pid) in &pids {
            assert_eq!(daemon.await_running(other), *pid, "{other} after the death of {name}");
        }
    }
}
