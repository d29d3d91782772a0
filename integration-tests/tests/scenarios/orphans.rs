//! No orphans: every child is reaped, no child outlives its `mgrd`, no restart runs two copies.

use integration_tests::{Setup, TestManager, eventually, process};
use nix::sys::signal::Signal;

use crate::guide::GUIDE;

fn two_kinds() -> TestManager {
    let daemon = Setup::new().rogue("rust", &[]).python("guide", GUIDE).start();
    daemon.await_running("rust");
    daemon.await_running("guide");
    daemon
}

fn await_no_process(daemon: &TestManager) {
    eventually("no process is left", || {
        let left = process::of_folder(daemon.folder());
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
    });
}

#[test]
fn no_module_outlives_a_killed_mgrd() {
    let mut daemon = two_kinds();
    assert_eq!(process::of_folder(daemon.folder()).len(), 3);
    daemon.kill();
    await_no_process(&daemon);
}

#[test]
fn a_module_that_ignores_everything_does_not_outlive_a_killed_mgrd() {
    let mut daemon = Setup::new().rogue("deaf", &["deaf", "noisy"]).start();
    daemon.await_running("deaf");
    daemon.kill();
    await_no_process(&daemon);
}

#[test]
fn a_stopped_module_does_not_outlive_a_killed_mgrd() {
    let mut daemon = Setup::new().rogue("rust", &[]).start();
    process::signal(daemon.await_running("rust"), Signal::SIGSTOP);
    daemon.kill();
    await_no_process(&daemon);
}

#[test]
fn mgrd_ends_on_request_whatever_its_modules_do() {
    let mut daemon = Setup::new().rogue("deaf", &["deaf"]).rogue("good", &[]).start();
    daemon.await_running("deaf");
    daemon.await_running("good");
    daemon.signal(Signal::SIGTERM);
    assert!(daemon.await_end().success());
    await_no_process(&daemon);
}

#[test]
fn a_second_signal_ends_mgrd_at_once() {
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
fn the_children_of_a_module_end_with_it() {
    let daemon = Setup::new().rogue("parent", &[]).start();
    let before = daemon.await_running("parent");
    let children = daemon.ok("parent misbehave fork 3");
    let children =
        children.split_whitespace().map(|pid| pid.parse().unwrap()).collect::<Vec<u32>>();
    assert_eq!(children.len(), 3);
    process::signal(before, Signal::SIGKILL);
    let after = daemon.await_restart("parent", before);
    for child in children {
        process::await_end(child);
    }
    // One copy: mgrd and the new process, nothing else.
    let mut left = process::of_folder(daemon.folder());
    left.sort_unstable();
    let mut meant = vec![daemon.pid(), after];
    meant.sort_unstable();
    assert_eq!(left, meant);
}

#[test]
fn a_disabled_module_is_gone_and_reaped() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    let pid = daemon.await_running("rust");
    daemon.ok("mgr module disable rust");
    process::await_end(pid);
    eventually("it is reaped", || {
        if std::path::Path::new(&format!("/proc/{pid}")).exists() {
            Err("a zombie")
        } else {
            Ok(())
        }
    });
}
