//! Durability: an acknowledged write survives `kill -9` of any process at any moment.

use integration_tests::{Setup, TestManager, eventually, process};
use nix::sys::signal::Signal;

use crate::guide::GUIDE;
use crate::probe::{show, start};

#[test]
fn acknowledged_writes_survive_a_kill_of_mgrd() {
    let mut daemon = Setup::new().python("guide", GUIDE).installed_rogue("extra", &[]).start();
    daemon.await_running("guide");
    daemon.ok("config set mgr mgr/guide/level 6");
    daemon.ok("config-key set a/key with-a-value");
    daemon.ok("guide put own thing");
    daemon.ok("mgr module enable extra");
    daemon.kill();
    daemon.restart();
    assert_eq!(daemon.ok("config-key get a/key"), "with-a-value");
    assert_eq!(daemon.ok("config get mgr mgr/guide/level"), "6\n");
    daemon.await_running("guide");
    daemon.await_running("extra");
    assert_eq!(daemon.ok("guide level"), "6 calm\n");
    assert_eq!(daemon.ok("guide keep"), "own=thing\n");
}

/// Writes until a write is refused; returns how many were acknowledged.
fn write_until_refused(daemon: &TestManager, client: u32) -> u32 {
    for n in 0.. {
        let line = format!("config-key set torn/{client}/{n} {n}");
        if daemon.run(&line).status != Some(0) {
            return n;
        }
    }
    0
}

#[test]
fn a_kill_during_many_writes_loses_no_acknowledged_write() {
    let mut daemon = Setup::new().start();
    for round in 0..3 {
        let acknowledged = std::thread::scope(|scope| {
            let daemon = &daemon;
            let writer = |n| scope.spawn(move || write_until_refused(daemon, round * 4 + n));
            let writers = (0..4).map(writer).collect::<Vec<_>>();
            eventually("writes are under way", || {
                let keys = daemon.run(&format!("config-key exists torn/{}/5", round * 4));
                if keys.status == Some(0) { Ok(()) } else { Err(keys.stderr) }
            });
            daemon.signal(Signal::SIGKILL);
            writers.into_iter().map(|writer| writer.join().unwrap()).collect::<Vec<_>>()
        });
        daemon.kill();
        daemon.restart();
        let stored = daemon.json("config-key dump torn/");
        for (n, count) in acknowledged.iter().enumerate() {
            let client = round * 4 + u32::try_from(n).unwrap();
            for key in 0..*count {
                let key_name = format!("torn/{client}/{key}");
                assert_eq!(stored[&key_name], key.to_string(), "{key_name} was acknowledged");
            }
        }
    }
}

#[test]
fn acknowledged_writes_survive_a_kill_of_the_module() {
    let daemon = Setup::new().python("guide", GUIDE).start();
    let before = daemon.await_running("guide");
    daemon.ok("guide put own thing");
    process::signal(before, Signal::SIGKILL);
    daemon.await_restart("guide", before);
    assert_eq!(daemon.ok("guide keep"), "own=thing\n");
}

#[test]
fn the_database_of_a_module_survives_its_kill_and_is_private() {
    let daemon = start(Setup::new(), &[]);
    assert_eq!(
        show(&daemon, "self.set_kv('k', 5), self.get_kv('k'), self.db_ready()"),
        "(None, 5, True)"
    );
    let pid = daemon.await_running("probe");
    process::signal(pid, Signal::SIGKILL);
    daemon.await_restart("probe", pid);
    assert_eq!(show(&daemon, "self.get_kv('k'), self.get_store_prefix('')"), "(5, {})");
    assert!(daemon.folder().join("data/modules/probe/main.db").exists());
    daemon.ok("config set mgr mgr_pool false");
    let refused = show(&daemon, "self.close_db() or self.db_ready()");
    assert_eq!(refused, "False");
}

#[test]
fn a_removed_socket_is_created_again() {
    let daemon = Setup::new().start();
    let started = daemon.json("mgr stat");
    std::fs::remove_file(daemon.socket()).unwrap();
    daemon.await_log("listens there again");
    assert_eq!(daemon.json("mgr stat"), started);
}
