//! Signals other than those that ask for the end: none of them ends a manager.

use integration_tests::{Setup, TestManager, eventually};
use nix::sys::signal::Signal;

/// A manager that logs into the file in which the tests look.
fn logging_into_a_file() -> TestManager {
    let setup = Setup::new().rogue("rust", &[]);
    let file = setup.folder().join("mgrd.x.log");
    setup.argument("--log-file").argument(file).start()
}

#[test]
fn sighup_opens_the_log_file_again() {
    let daemon = logging_into_a_file();
    daemon.await_log("mgrd is active");
    let (file, moved) = (daemon.folder().join("mgrd.x.log"), daemon.folder().join("moved"));
    std::fs::rename(&file, &moved).unwrap();
    daemon.signal(Signal::SIGHUP);
    daemon.await_log("opened the log file again");
    let old = std::fs::read_to_string(moved).unwrap();
    assert!(old.contains("mgrd is active") && !daemon.log().contains("mgrd is active"));
    daemon.ok("mgr module ls");
}

#[test]
fn sigusr1_logs_the_state_and_other_signals_do_nothing() {
    let daemon = logging_into_a_file();
    let pid = daemon.await_running("rust");
    let limits = [Signal::SIGXFSZ, Signal::SIGXCPU];
    let others = [Signal::SIGUSR2, Signal::SIGALRM, Signal::SIGVTALRM, Signal::SIGPROF];
    for signal in others.into_iter().chain(limits) {
        daemon.signal(signal);
    }
    daemon.signal(Signal::SIGUSR1);
    eventually("the state in the log", || {
        let log = daemon.log();
        let line = log.lines().find(|line| line.contains(" module module=\"rust\""));
        let shows =
            |line: &str| line.contains("state=running") && line.contains(&format!("pid={pid}"));
        if line.is_some_and(shows) { Ok(()) } else { Err(log) }
    });
    assert_eq!(daemon.await_running("rust"), pid);
}
