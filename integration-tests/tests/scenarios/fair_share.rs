//! Fair shares: a caller that floods `mgrd` with what it may send disturbs no other, and health names
//! it.

use std::time::{Duration, Instant};

use integration_tests::flood::{Flood, calls};
use integration_tests::{LONG, Setup, TestManager, eventually, grpc, process};
use mgrd_proto::v1::Words;
use mgrd_proto::v1::execute_command::Command;

const MIB: u64 = 1 << 20;

/// Asks for the health again and again, as one that is quiet, until it names this module.
async fn await_blame(daemon: &TestManager, module: &str) {
    let channel = grpc::connect(&daemon.socket()).await.unwrap();
    let words = ["health", "detail"].map(str::to_owned).to_vec();
    let (end, mut last) = (Instant::now() + LONG, String::new());
    while !last.contains(&format!("module '{module}' asks for more than its share of mgrd")) {
        assert!(Instant::now() < end, "{last}");
        let outcome = grpc::execute(&channel, Command::Words(Words { words: words.clone() })).await;
        last = String::from_utf8_lossy(&outcome.stdout).into_owned();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(last.contains("MGR_CALLER_BUSY"), "{last}");
}

/// Runs commands while a module floods its socket as its switch says.
async fn survives(switch: &str) {
    let daemon = Setup::new().rogue("rust", &[]).rogue("flooder", &[switch]).start();
    let pids = [daemon.await_running("rust"), daemon.await_running("flooder")];
    let before = process::resident(daemon.pid());
    await_blame(&daemon, "flooder").await;
    for n in 0..20 {
        assert_eq!(daemon.ok(&format!("rust echo {n}")), format!("[\"{n}\"]\n"));
    }
    let more = process::resident(daemon.pid()).saturating_sub(before) / MIB;
    assert!(more < 64, "{more} MiB more than before");
    // It can still be used, because the flood is not its session.
    assert_eq!(daemon.ok("flooder echo x"), "[\"x\"]\n");
    assert_eq!([daemon.await_running("rust"), daemon.await_running("flooder")], pids);
    daemon.ok("mgr module disable flooder");
    eventually("the check is cleared", || {
        let health = daemon.ok("health detail");
        if health.contains("MGR_CALLER_BUSY") { Err(health) } else { Ok(()) }
    });
}

#[tokio::test]
async fn a_module_that_sends_its_messages_byte_by_byte_gets_its_share_and_no_more() {
    survives("bytes").await;
}

#[tokio::test]
async fn a_module_that_sends_window_updates_gets_its_share_and_no_more() {
    survives("windows").await;
}

#[test]
fn answers_that_a_client_does_not_read_are_limited_in_bytes() {
    let setup = Setup::new().rogue("rust", &[]);
    let settings = "[limits.connection]\nunread_bytes = 100000\ncalls = 100\n";
    let daemon = setup.settings(settings).start();
    daemon.await_running("rust");
    let before = process::resident(daemon.pid());
    let table = calls("/mgrd.v1.AdminService/GetCommandTable", &[]);
    let flood = Flood::start(&daemon.socket(), &table, 16);
    flood.await_connections(16);
    for n in 0..20 {
        assert_eq!(daemon.ok(&format!("rust echo {n}")), format!("[\"{n}\"]\n"));
        let more = process::resident(daemon.pid()).saturating_sub(before) / MIB;
        assert!(more < 256, "{more} MiB more than before");
    }
    let log = daemon.await_log("calls under way");
    assert!(log.contains("closed a connection of process"), "{log}");
}
