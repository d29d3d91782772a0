//! Isolation: whatever a module does, other modules, `mgrd` and clients work as before.

use integration_tests::{Setup, TestManager, process};
use nix::sys::signal::Signal;

/// A daemon with the module `good`, and the module `bad` with these switches.
fn with_good(switches: &[&str]) -> TestManager {
    let daemon = Setup::new().rogue("good", &[]).rogue("bad", switches).start();
    daemon.await_running("good");
    daemon
}

fn good_answers(daemon: &TestManager) {
    assert_eq!(daemon.ok("good echo hi"), "[\"hi\"]\n");
}

#[test]
fn a_killed_module_restarts_and_the_others_are_not_affected() {
    let daemon = with_good(&[]);
    let (good, bad) = (daemon.await_running("good"), daemon.await_running("bad"));
    process::signal(bad, Signal::SIGKILL);
    good_answers(&daemon);
    daemon.await_restart("bad", bad);
    assert_eq!(daemon.ok("bad echo hi"), "[\"hi\"]\n");
    assert_eq!(daemon.await_running("good"), good);
    assert_eq!(daemon.module("good")["restarts"], 0);
}

#[test]
fn a_command_ends_with_an_error_when_its_module_dies() {
    let daemon = with_good(&[]);
    for how in ["exit", "abort"] {
        let before = daemon.await_running("bad");
        let answer = daemon.run(&format!("bad misbehave {how}"));
        assert_ne!(answer.status, Some(0));
        assert!(answer.stderr.contains("bad"), "{}", answer.stderr);
        good_answers(&daemon);
        daemon.await_restart("bad", before);
    }
}

#[test]
fn many_spinning_threads_do_not_stop_others() {
    let daemon = with_good(&[]);
    daemon.await_running("bad");
    daemon.ok("bad misbehave spin 8");
    good_answers(&daemon);
}

#[test]
fn a_flood_of_output_is_read_and_does_not_stop_others() {
    let daemon = with_good(&["noisy"]);
    daemon.await_running("bad");
    good_answers(&daemon);
    assert_eq!(daemon.ok("bad echo still here"), "[\"still\",\"here\"]\n");
}

#[test]
fn endless_short_lines_are_counted_and_do_not_stop_others() {
    for how in ["chatty", "blank"] {
        let daemon = with_good(&[how]);
        daemon.await_running("bad");
        good_answers(&daemon);
        daemon.await_log("lines of output of the module dropped: more than");
        good_answers(&daemon);
        assert_eq!(daemon.ok("bad echo still here"), "[\"still\",\"here\"]\n");
    }
}

#[test]
fn a_module_that_never_says_hello_does_not_delay_others() {
    let daemon = with_good(&["no-hello"]);
    good_answers(&daemon);
    assert_eq!(daemon.module("bad")["state"], "starting");
}

#[test]
fn a_module_that_is_never_ready_gets_no_commands() {
    let daemon = with_good(&["no-ready"]);
    daemon.await_state("bad", "starting");
    good_answers(&daemon);
}

#[test]
fn a_module_that_crashes_at_the_start_backs_off_and_its_last_output_is_kept() {
    let daemon = with_good(&["crash"]);
    let seen = daemon.await_state("bad", "backoff");
    assert!(seen["last_exit"].as_str().unwrap().contains("status 3"), "{seen}");
    assert!(seen["last_words"].to_string().contains("these are my last words"), "{seen}");
    good_answers(&daemon);
    let health = integration_tests::eventually("a health check names it", || {
        let health = daemon.ok("health detail");
        if health.contains("'bad'") { Ok(health) } else { Err(health) }
    });
    assert!(health.contains("these are my last words"), "{health}");
}

#[test]
fn a_hanging_command_ends_with_its_client_and_others_answer() {
    let daemon = with_good(&[]);
    daemon.await_running("bad");
    let hanging = daemon.ctl("bad misbehave hang").spawn();
    integration_tests::eventually("the command is under way", || {
        let seen = daemon.module("bad");
        if seen["in_flight"] == 1 { Ok(()) } else { Err(seen) }
    });
    good_answers(&daemon);
    assert_eq!(daemon.ok("bad echo hi"), "[\"hi\"]\n");
    process::signal(hanging.pid(), Signal::SIGINT);
    assert_eq!(hanging.end().status, Some(130));
    integration_tests::eventually("the command is cancelled", || {
        let seen = daemon.module("bad");
        if seen["in_flight"] == 0 { Ok(()) } else { Err(seen) }
    });
}

#[test]
fn a_stopped_process_does_not_delay_others_and_can_continue() {
    let daemon = with_good(&[]);
    let bad = daemon.await_running("bad");
    process::signal(bad, Signal::SIGSTOP);
    let waiting = daemon.ctl("bad echo hi").spawn();
    good_answers(&daemon);
    assert!(daemon.ok("health").starts_with("HEALTH_"));
    process::signal(bad, Signal::SIGCONT);
    assert_eq!(waiting.end().ok(), "[\"hi\"]\n");
}

#[test]
fn an_invalid_answer_affects_only_its_command() {
    let daemon = with_good(&[]);
    daemon.await_running("bad");
    let answer = daemon.run("bad misbehave no-outcome");
    assert_ne!(answer.status, None);
    let binary = daemon.run("bad misbehave binary");
    assert_eq!(binary.stdout, [0xff, 0xfe, 0, 0x80, b'\n']);
    let nonsense = daemon.ctl("bad misbehave nonsense").spawn();
    good_answers(&daemon);
    process::signal(nonsense.pid(), Signal::SIGINT);
    let _ended = nonsense.end();
    good_answers(&daemon);
}

#[test]
fn a_module_with_an_unknown_protocol_version_does_not_run_and_the_reason_is_shown() {
    let daemon = with_good(&["no-version"]);
    good_answers(&daemon);
    let seen = integration_tests::eventually("it does not run", || {
        let seen = daemon.module("bad");
        if seen["reason"].to_string().contains("version") { Ok(seen) } else { Err(seen) }
    });
    assert_ne!(seen["state"], "running", "{seen}");
}

#[test]
fn a_module_that_opens_files_without_end_does_not_affect_others() {
    let daemon = with_good(&[]);
    daemon.await_running("bad");
    let said = daemon.ok("bad misbehave open 100000");
    assert!(said.contains("files"), "{said}");
    good_answers(&daemon);
}
