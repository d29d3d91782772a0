//! Managers that wait: they serve their halves, take over with everything that was acknowledged,
//! and never write before that.

use std::io::{Read, Write};
use std::net::TcpStream;

use integration_tests::{Peer, Setup, TestDaemon, eventually, process};
use nix::fcntl::{Flock, FlockArg};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

const HALF: &str = include_str!("modules/half.py");

/// Sets its URI once, when told to.
const URI: &str = "
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
class Module(MgrModule):
    @CLIReadCommand('uri set')
    def uri(self, uri: str) -> HandleCommandResult:
        'Publish a URI'
        self.set_uri(uri)
        return HandleCommandResult()
";

/// A manager `x` and one that waits, `y`, which knows what is enabled.
fn two(setup: Setup) -> (TestDaemon, Peer) {
    let daemon = setup.start();
    let peer = daemon.peer("y");
    daemon.await_standbys(&["y"]);
    (daemon, peer)
}

/// The two, with `half` enabled.
fn two_halves() -> (TestDaemon, Peer) {
    let (daemon, peer) = two(Setup::new().python("half", HALF));
    daemon.await_running("half");
    (daemon, peer)
}

/// The answer to a request for a page: its head and its body.
fn page(uri: &str, path: &str) -> (String, String) {
    let address = uri.trim_start_matches("http://").trim_end_matches('/');
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn page_json(uri: &str, path: &str) -> Value {
    serde_json::from_str(&page(uri, path).1).unwrap()
}

/// Where the standby half of a manager serves.
fn half_of(peer: &Peer) -> String {
    let log = peer.await_log("serves at http://");
    let (_, uri) = log.rsplit_once("serves at ").unwrap();
    uri.split_whitespace().next().unwrap().to_owned()
}

/// Where the active manager's modules serve, once `half` does.
fn await_service(daemon: &TestDaemon) -> String {
    eventually("the active half serves", || {
        let services = daemon.json("mgr services");
        services["half"].as_str().map(str::to_owned).ok_or(services)
    })
}

#[test]
fn a_standby_half_leads_to_the_active_one_and_reads_what_it_may() {
    let (daemon, peer) = two_halves();
    let active = await_service(&daemon);
    let half = half_of(&peer);
    eventually("the page leads to the active one", || {
        let head = page(&half, "/").0;
        if head.contains(&format!("Location: {active}")) { Ok(()) } else { Err(head) }
    });
    let unset = json!({
        "uri": active, "colour": "red", "level": 3, "localized": "red", "undeclared": [null, 5],
        "ceph": ["2", "false"], "unknown": null, "store": [null, "default"],
        "localized_store": null, "ips": {"ips": []}, "osd_map": null,
    });
    assert_eq!(page_json(&half, "/seen"), unset);
    daemon.ok("config set mgr mgr/half/colour blue");
    daemon.ok("config set mgr mgr/half/y/colour green");
    daemon.ok("config set mgr.y mgr/half/level 7");
    daemon.ok("config set mgr mgr_tick_period 9");
    daemon.ok("config-key set mgr/half/key value");
    daemon.ok("config-key set mgr/half/y/key mine");
    let set = json!({
        "uri": active, "colour": "blue", "level": 7, "localized": "green", "undeclared": [null, 5],
        "ceph": ["9", "false"], "unknown": null, "store": ["value", "default"],
        "localized_store": "mine", "ips": {"ips": []}, "osd_map": null,
    });
    eventually("the half reads what was set", || {
        let seen = page_json(&half, "/seen");
        if seen == set { Ok(()) } else { Err(seen) }
    });
    daemon.ok("config rm mgr mgr/half/y/colour");
    daemon.ok("config-key rm mgr/half/key");
    eventually("the half reads what was removed", || {
        let seen = page_json(&half, "/seen");
        let gone = seen["localized"] == "blue" && seen["store"][0] == Value::Null;
        if gone { Ok(()) } else { Err(seen) }
    });
}

#[test]
fn a_standby_half_is_refused_everything_else_by_the_host() {
    let (daemon, peer) = two(Setup::new().python("half", HALF).replay(1.0));
    daemon.ok("config-key set mgr/half/key value");
    let refused = page_json(&half_of(&peer), "/refused");
    for (call, answer) in refused.as_object().unwrap() {
        assert_eq!(answer[0], 30, "{call}: {answer}");
        assert!(answer[1].to_string().contains("standby"), "{call}: {answer}");
    }
    assert_eq!(daemon.ok("config-key get mgr/half/key").trim_end(), "value");
}

#[test]
fn standby_halves_follow_what_is_enabled_and_can_be_switched_off() {
    let setup = Setup::new().installed_python("half", HALF).rogue("rust", &[]);
    let (daemon, peer) = two(setup);
    daemon.await_running("rust");
    daemon.ok("mgr module enable half");
    half_of(&peer);
    daemon.ok("config set mgr mgr_standby_modules false");
    peer.await_log("standby half ends");
    let before = peer.log().matches("serves at").count();
    daemon.ok("config set mgr mgr_standby_modules true");
    eventually("the half serves again", || {
        if peer.log().matches("serves at").count() > before { Ok(()) } else { Err("not yet") }
    });
    daemon.ok("mgr module disable half");
    eventually("the half ends", || {
        let ends = peer.log().matches("standby half ends").count();
        if ends == 2 { Ok(()) } else { Err(ends) }
    });
    // A module without a standby half is left alone.
    assert!(!peer.log().contains("state module=\"rust\""), "{}", peer.log());
}

#[test]
fn the_active_manager_shows_those_that_wait() {
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
fn when_the_active_one_is_killed_another_goes_on_with_everything() {
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
    daemon.ok("config-key set more written");
}

#[test]
fn the_role_goes_back_and_forth_and_the_processes_stay() {
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
fn a_manager_that_waits_can_be_dropped_and_registers_again() {
    let (daemon, peer) = two(Setup::new());
    let why = daemon.run("mgr fail nobody").fails(2);
    assert!(why.contains("'nobody'"), "{why}");
    let gid = daemon.json("mgr dump")["standbys"][0]["gid"].to_string();
    daemon.ok(&format!("mgr fail {gid}"));
    peer.await_log("dropped by an operator");
    daemon.await_standbys(&["y"]);
    daemon.await_active("x");
}

#[test]
fn alone_a_manager_that_is_failed_becomes_active_again() {
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
fn of_three_managers_each_leads_in_its_turn() {
    let (mut daemon, y) = two_halves();
    let z = daemon.peer("z");
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
fn a_standby_that_is_there_before_any_active_one_waits_and_clients_wait_for_it() {
    let setup = Setup::new().rogue("rust", &[]);
    // Another process holds the lock and does not lead.
    let data = setup.folder().join("data");
    std::fs::create_dir(&data).unwrap();
    let file = std::fs::File::create(data.join("lock")).unwrap();
    let lock = Flock::lock(file, FlockArg::LockExclusive).unwrap();
    let peer = Peer::start(&setup, "y");
    peer.await_log("waits as standby");
    let client = integration_tests::Ctl::new(&setup.folder().join("s"), "mgr stat").spawn();
    assert!(!setup.folder().join("s").exists());
    drop(lock);
    assert!(client.end().ok().contains("\"y\""));
}

#[test]
fn a_standby_that_is_asked_to_end_leaves_nothing_behind() {
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
        let mut second = daemon.peer(id);
        assert!(!second.await_end().success());
        let log = second.log();
        assert!(log.contains(&format!("'{id}'")) && log.contains("--id"), "{log}");
    }
    daemon.await_standbys(&["y"]);
}

#[test]
fn a_manager_whose_lock_file_was_taken_away_stops_writing() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.ok("config-key set a b");
    std::fs::remove_file(daemon.folder().join("data/lock")).unwrap();
    let _y = daemon.peer("y");
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

#[test]
fn a_second_signal_ends_it_at_once() {
    let setup = Setup::new().rogue("deaf", &["deaf"]);
    let file = setup.folder().join("mgrd.toml");
    let patient = "[limits]\nshutdown_grace = 3600\n[limits.module]\nshutdown_grace = 3600\n";
    std::fs::write(&file, patient).unwrap();
    let mut daemon = setup.argument("--config").argument(file).start();
    daemon.await_running("deaf");
    daemon.signal(Signal::SIGTERM);
    daemon.await_log("stopping");
    daemon.signal(Signal::SIGTERM);
    assert!(daemon.await_end().success());
    assert!(process::of_folder(daemon.folder()).is_empty());
}

#[test]
fn a_uri_is_gone_with_the_process_that_published_it() {
    let daemon = Setup::new().python("uri", URI).start();
    let before = daemon.await_running("uri");
    daemon.ok("uri set http://here:1/");
    assert_eq!(daemon.json("mgr services"), json!({"uri": "http://here:1/"}));
    process::signal(before, Signal::SIGKILL);
    let again = daemon.await_restart("uri", before);
    assert_eq!(daemon.json("mgr services"), json!({}));
    daemon.ok("uri set http://here:2/");
    daemon.ok("mgr module disable uri");
    process::await_end(again);
    eventually("the URI is gone", || {
        let services = daemon.json("mgr services");
        if services == json!({}) { Ok(()) } else { Err(services) }
    });
}
