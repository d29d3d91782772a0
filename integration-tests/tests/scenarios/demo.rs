//! The steps of a newcomer after `make demo`.

use std::io::{Read, Write};
use std::net::TcpStream;

use integration_tests::{Setup, TestManager, eventually, process};
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

fn free_port() -> u16 {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    taken.local_addr().unwrap().port()
}

/// What a GET of the path answers, headers included.
fn get(uri: &str, path: &str) -> std::io::Result<String> {
    let address = uri.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn demo(speed: f64) -> TestManager {
    let setup = modules().fold(Setup::new(), Setup::example).replay(speed);
    let daemon = setup.argument("--replay-loop").start();
    daemon.await_running("exporter");
    // The exporter's default port may be taken, by another test for one.
    let port = free_port();
    eventually("the exporter's options are known", || {
        let set = daemon.run(&format!("config set mgr mgr/exporter/port {port}"));
        if set.status == Some(0) { Ok(()) } else { Err(set.stderr) }
    });
    daemon
}

#[test]
fn the_recorded_cluster_and_all_modules_are_shown() {
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
fn both_health_checks_of_a_lost_osd_are_raised_and_cleared() {
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
fn hello_and_greeter_follow_their_options() {
    let daemon = demo(1.0);
    daemon.await_running("hello");
    assert_eq!(daemon.ok("hello"), "Hello, world!\n");
    assert_eq!(daemon.json("hello greet Ada")["who"], "Ada");
    daemon.ok("config set mgr mgr/hello/greeting Moin");
    assert_eq!(daemon.ok("hello"), "Moin, world!\n");
    let why = daemon.run("config set mgr mgr/hello/times 11").fails(22);
    assert!(why.contains("11") && why.contains("10"), "{why}");
    assert_eq!(daemon.ok("config get mgr mgr/hello/times"), "1\n");
    if has_node() {
        daemon.await_running("greeter");
        assert_eq!(daemon.ok("greeter greet Ada"), "Hello, Ada!\n");
        daemon.ok("config set mgr mgr/greeter/greeting Servus");
        assert_eq!(daemon.ok("greeter greet Ada"), "Servus, Ada!\n");
        assert_eq!(daemon.ok("greeter count Ada"), "2\n");
    }
}

#[test]
fn the_exporter_is_listed_and_can_be_scraped() {
    let daemon = demo(1.0);
    daemon.await_running("exporter");
    let answer = eventually("a scrape", || {
        let services = daemon.json("mgr services");
        let uri = services["exporter"].as_str().unwrap_or_default();
        get(uri, "/metrics").map_err(|why| format!("{services}: {why}"))
    });
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let samples = answer.lines().filter(|line| line.starts_with("ceph_")).count();
    assert!(samples > 100, "{samples} samples in {answer}");
    for part in ["ceph_osd_up{ceph_daemon=\"osd.1\"", "ceph_health_status", "# TYPE "] {
        assert!(answer.contains(part), "{part} is missing");
    }
}

#[test]
fn a_killed_module_restarts_and_the_others_stay() {
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
