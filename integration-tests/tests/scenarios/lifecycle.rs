//! The life of modules: they are found, enabled, disabled and restarted, and some cannot run.

use integration_tests::{Setup, TestManager, eventually, process};
use nix::sys::signal::Signal;

use crate::guide::GUIDE;

const BROKEN: &str = "import no_such_thing_at_all\n";
const TORN: &str = "class Module(:\n";
const UNABLE: &str = "
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
class Module(MgrModule):
    @staticmethod
    def can_run():
        return False, 'the moon is not full'
    @CLIReadCommand('unable hello')
    def hello(self) -> HandleCommandResult:
        'Say hello'
        return HandleCommandResult(stdout='hello')
";

/// Waits until it is known that a disabled module has this command; returns how it is refused.
fn await_off(daemon: &TestManager, command: &str) -> String {
    eventually("what the disabled module offers is known", || {
        let refused = daemon.run(command);
        if refused.status == Some(95) { Ok(refused.stderr) } else { Err(refused.stderr) }
    })
}

#[test]
fn a_module_is_enabled_and_disabled_while_others_run() {
    let daemon = Setup::new().rogue("rust", &[]).installed_python("guide", GUIDE).start();
    let rust = daemon.await_running("rust");
    let off = await_off(&daemon, "guide level");
    assert!(off.contains("mgr module enable guide"), "{off}");
    daemon.ok("mgr module enable guide");
    daemon.await_running("guide");
    assert_eq!(daemon.ok("guide level"), "3 calm\n");
    let again = daemon.run("mgr module enable guide");
    assert_eq!(again.status, Some(0));
    assert!(again.stderr.contains("already enabled"), "{}", again.stderr);
    daemon.ok("mgr module disable guide");
    daemon.run("guide level").fails(95);
    assert_eq!(daemon.await_running("rust"), rust);
}

#[test]
fn a_module_is_measured_as_soon_as_it_runs() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    let killed = daemon.await_running("rust");
    process::signal(killed, Signal::SIGKILL);
    daemon.await_restart("rust", killed);
    let module = daemon.module("rust");
    assert!(module["rss_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{module}");
}

#[test]
fn a_log_of_warnings_shows_how_modules_fail() {
    let unlucky = "from mgr_module import MgrModule\nclass Module(MgrModule):\n    \
                   def __init__(self, *args):\n        raise OSError('no disk')\n";
    let setup = Setup::new().argument("--log-level").argument("warn");
    let daemon = setup.rogue("rust", &[]).python("unlucky", unlucky).python("torn", TORN).start();
    process::signal(daemon.await_running("rust"), Signal::SIGKILL);
    daemon.await_log("the process has ended: killed by SIGKILL");
    for state in ["state=backoff", "state=cannot_run"] {
        let log = daemon.await_log(state);
        let line = log.lines().find(|line| line.contains(state)).unwrap_or_default();
        assert!(line.contains(" WARN "), "{line}");
    }
}

#[test]
fn an_error_in_the_code_is_named_with_its_place_and_is_no_missing_dependency() {
    let daemon = Setup::new().installed_python("torn", TORN).start();
    let refused = daemon.run("mgr module enable torn").fails(2);
    assert!(refused.contains("module 'torn' cannot be loaded: "), "{refused}");
    assert!(refused.contains("/torn/module.py:1: SyntaxError: "), "{refused}");
    assert!(!refused.contains("--force"), "{refused}");
    daemon.ok("mgr module enable torn --force");
    daemon.await_state("torn", "cannot_run");
    let health = daemon.ok("health detail");
    assert!(health.contains("Module 'torn' cannot be loaded: "), "{health}");
    assert!(!health.contains("importlib"), "{health}");
}

#[test]
fn an_unknown_module_is_refused_and_can_be_forced() {
    let daemon = Setup::new().start();
    let why = daemon.run("mgr module enable absent").fails(2);
    assert!(why.contains("'absent'") && why.contains("--force"), "{why}");
    daemon.ok("mgr module enable absent --force");
    assert!(daemon.ok("mgr module ls").contains("absent"));
    daemon.ok("mgr module disable absent");
}

#[test]
fn a_stored_unknown_module_is_absent_at_the_next_start_and_others_run() {
    let mut daemon = Setup::new().rogue("rust", &[]).start();
    daemon.ok("mgr module enable absent --force");
    daemon.kill();
    daemon.restart();
    daemon.await_running("rust");
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
    daemon.await_state("absent", "absent");
    let log = daemon.await_log("the module is enabled, but no folder of the module path has it");
    assert!(log.contains("module=\"absent\""), "{log}");
}

#[test]
fn a_module_without_its_folder_is_listed_only_while_it_is_enabled() {
    let daemon = Setup::new().python("goner", GUIDE).start();
    daemon.await_running("goner");
    std::fs::remove_dir_all(daemon.modules().join("goner")).unwrap();
    let restarted = daemon.run("mgr module restart goner");
    assert!(restarted.stderr.contains("goner is gone"), "{}", restarted.stderr);
    daemon.ok("mgr module disable goner");
    assert!(!daemon.ok("mgr module ls").contains("goner"));
    let why = daemon.run("mgr module enable goner").fails(2);
    assert!(why.contains("do not support module 'goner'"), "{why}");
}

#[test]
fn a_module_that_cannot_be_imported_says_why_and_affects_no_other() {
    let setup = Setup::new().rogue("rust", &[]).installed_python("broken", BROKEN);
    let daemon = setup.installed_python("torn", TORN).start();
    daemon.await_running("rust");
    for (name, reason) in [("broken", "no_such_thing_at_all"), ("torn", "invalid syntax")] {
        let why = daemon.run(&format!("mgr module enable {name}")).fails(2);
        assert!(why.contains(name) && why.contains(reason), "{why}");
    }
    daemon.ok("mgr module enable broken --force");
    eventually("health names it", || {
        let health = daemon.ok("health detail");
        if health.contains("no_such_thing_at_all") { Ok(()) } else { Err(health) }
    });
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
}

#[test]
fn a_module_that_says_it_cannot_run_is_not_enabled_without_force() {
    let daemon = Setup::new().installed_python("unable", UNABLE).start();
    let why = daemon.run("mgr module enable unable").fails(2);
    assert!(why.contains("the moon is not full") && why.contains("--force"), "{why}");
    daemon.ok("mgr module enable unable --force");
    let health = eventually("health names it", || {
        let health = daemon.ok("health detail");
        if health.contains("the moon is not full") { Ok(health) } else { Err(health) }
    });
    assert!(health.contains("MGR_MODULE_DEPENDENCY"), "{health}");
}

#[test]
fn a_module_that_ends_because_it_cannot_run_is_not_restarted() {
    let daemon = Setup::new().rogue("unable", &["cannot-run"]).start();
    let seen = daemon.await_state("unable", "cannot_run");
    assert!(seen["reason"].to_string().contains("cannot run"), "{seen}");
}

/// Ceph's prometheus and dashboard do this, so that no library can end the process.
const STAYER: &str = "
import os
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
os._exit = lambda status: None
class Module(MgrModule):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.log.error('stayer is constructed')
    @CLIReadCommand('stayer hello')
    def hello(self) -> HandleCommandResult:
        'Say hello'
        return HandleCommandResult(stdout='hello')
";

#[test]
fn a_disabled_module_that_replaces_the_function_that_ends_a_process_is_not_constructed() {
    let daemon = Setup::new().installed_python("stayer", STAYER).start();
    await_off(&daemon, "stayer hello");
    assert!(!daemon.log().contains("stayer is constructed"), "{}", daemon.log());
    daemon.ok("mgr module enable stayer");
    let pid = daemon.await_running("stayer");
    assert_eq!(daemon.ok("stayer hello"), "hello\n");
    daemon.ok("mgr module disable stayer");
    process::await_end(pid);
}

#[test]
fn a_restart_by_hand_starts_a_new_process_and_clears_the_count() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    let before = daemon.await_running("rust");
    daemon.ok("mgr module restart rust");
    daemon.await_restart("rust", before);
    assert_eq!(daemon.module("rust")["restarts"], 0);
}

#[test]
fn an_invalid_descriptor_affects_only_its_command() {
    let daemon = Setup::new().rogue("rust", &["bad-descriptor"]).start();
    daemon.await_running("rust");
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
    daemon.run("rust broken x").fails(22);
    daemon.await_log("CephNonsense");
}

#[test]
fn modules_are_not_started_twice_to_describe_themselves() {
    let mut daemon = Setup::new().installed_python("guide", GUIDE).start();
    await_off(&daemon, "guide level");
    daemon.kill();
    let before = daemon.log().len();
    daemon.restart();
    daemon.run("guide level").fails(95);
    assert!(!daemon.log()[before..].contains("guide"), "{}", daemon.log());
}

#[test]
fn a_second_signal_ends_mgrd_even_if_its_threads_hang() {
    let settings = "[limits]\nkill_grace = 0.1\n";
    let mut daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    let module = daemon.await_running("rust");
    let held = process::hold(daemon.pid(), "tokio-rt-worker");
    daemon.signal(Signal::SIGTERM);
    daemon.await_log("mgrd is ending");
    assert!(process::alive(daemon.pid()));
    daemon.signal(Signal::SIGTERM);
    held.await_end();
    assert_eq!(daemon.await_end().code(), Some(1));
    assert!(daemon.log().contains("mgrd does not end within 0.1 s"), "{}", daemon.log());
    process::await_end(module);
}

#[test]
fn a_third_signal_ends_mgrd_without_a_grace() {
    let settings = "[limits]\nkill_grace = 60\n";
    let mut daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    let module = daemon.await_running("rust");
    let held = process::hold(daemon.pid(), "tokio-rt-worker");
    daemon.signal(Signal::SIGTERM);
    daemon.await_log("mgrd is ending");
    // The kernel may merge two equal signals that wait, but not these.
    daemon.signal(Signal::SIGINT);
    daemon.signal(Signal::SIGTERM);
    held.await_end();
    assert_eq!(daemon.await_end().code(), Some(1));
    assert!(!daemon.log().contains("does not end within"), "{}", daemon.log());
    process::await_end(module);
}

const SLEEPER: &str = "
import threading
from mgr_module import MgrModule
class Module(MgrModule):
    def serve(self):
        threading.Event().wait()
    def shutdown(self):
        threading.Event().wait()
";

#[test]
fn a_module_that_does_not_end_is_named_and_does_not_delay_mgrd() {
    let settings = "[limits.module]\nshutdown_grace = 0.5\n";
    let mut daemon = Setup::new().python("sleeper", SLEEPER).settings(settings).start();
    daemon.await_running("sleeper");
    daemon.signal(Signal::SIGTERM);
    assert!(daemon.await_end().success());
    let log = daemon.log();
    assert!(log.contains("shutdown() and serve() did not return within"), "{log}");
    assert!(!log.contains("SIGTERM"), "it ended by itself: {log}");
}

#[test]
fn all_modules_share_one_grace_and_those_that_exceed_it_are_named() {
    let settings = "[limits]\nshutdown_grace = 0.5\n[limits.module]\nshutdown_grace = 3600\n";
    let setup = Setup::new().rogue("deaf", &["deaf"]).rogue("well", &[]).settings(settings);
    let mut daemon = setup.start();
    let pid = daemon.await_running("deaf");
    daemon.await_running("well");
    daemon.signal(Signal::SIGTERM);
    assert!(daemon.await_end().success());
    assert!(!process::alive(pid));
    let log = daemon.log();
    assert!(log.contains("modules that have not ended within 0.5 s are killed: deaf"), "{log}");
}

#[test]
fn a_module_that_is_being_debugged_is_not_restarted_and_the_error_says_how_to_end_that() {
    let daemon = Setup::new().rogue("rust", &[]).start();
    daemon.await_running("rust");
    daemon.ok("mgr module debug rust");
    let refused = daemon.run("mgr module restart rust");
    assert_eq!(refused.status, Some(16), "{refused:?}");
    assert!(refused.stderr.contains("mgr module debug rust --end"), "{refused:?}");
    daemon.ok("mgr module debug rust --end");
    let pid = daemon.await_running("rust");
    daemon.ok("mgr module restart rust");
    daemon.await_restart("rust", pid);
}
