//! A module that is stuck: each way has its own diagnosis in health and in `mgr module ls`.

use std::time::Duration;

use integration_tests::{Setup, TestManager, eventually, process};
use nix::sys::signal::Signal;

const SETTINGS: &str = "[limits.module]\nping_interval = 0.1\nping_warning = 0.5\nbusy_warning = 0.5\n\
                        start_warning = 0.5\nstop_warning = 0.5\n";

/// A module in Python that hangs in the way that its command names.
const HANGS: &str = "
import ctypes, threading
from mgr_module import CLICommand, HandleCommandResult, MgrModule

def wait_for_ever() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()

class Module(MgrModule):
    NOTIFY_TYPES = ['mgr_map']
    hangs_in_notify = False

    @CLICommand('hangs lock')
    def lock(self) -> HandleCommandResult:
        'Wait for a lock that is never released'
        wait_for_ever()
        return HandleCommandResult()

    @CLICommand('hangs interpreter')
    def interpreter(self) -> HandleCommandResult:
        'Hold the lock of the interpreter'
        ctypes.PyDLL(None).sleep(1000)
        return HandleCommandResult()

    @CLICommand('hangs notified')
    def notified(self) -> HandleCommandResult:
        'Hang in the next notification'
        self.hangs_in_notify = True
        return HandleCommandResult()

    @CLICommand('hangs called')
    def called(self, module: str) -> HandleCommandResult:
        'Call a method that does not return'
        self.remote(module, 'never')
        return HandleCommandResult()

    def never(self) -> None:
        wait_for_ever()

    def notify(self, notify_type: str, notify_id: object) -> None:
        if self.hangs_in_notify:
            wait_for_ever()
";

fn hanging() -> TestManager {
    let setup = Setup::new().rogue("rust", &[]).python("hangs", HANGS).settings(SETTINGS);
    let daemon = setup.start();
    daemon.await_running("hangs");
    daemon.await_running("rust");
    daemon
}

/// Waits until health says this of the module, as MGR_MODULE_STUCK.
fn await_diagnosis(daemon: &TestManager, module: &str, text: &str) -> String {
    eventually(&format!("'{text}' in health"), || {
        let health = daemon.ok("health detail");
        let line = health.lines().find(|line| line.contains("MGR_MODULE_STUCK"));
        let named = |line: &&str| line.contains(&format!("'{module}'")) && line.contains(text);
        line.filter(named).map(str::to_owned).ok_or(health)
    })
}

#[test]
fn a_command_that_waits_for_ever_is_named_with_its_age_and_its_request() {
    let daemon = hanging();
    let _waiting = daemon.ctl("hangs lock").spawn();
    let line = await_diagnosis(&daemon, "hangs", "has run the command 'hangs lock' for ");
    assert!(line.contains(" s (request "), "{line}");
    let table = daemon.ok("mgr module ls");
    assert!(table.contains("has run the command 'hangs lock' for "), "{table}");
    let log = daemon.await_log("the module has run the command 'hangs lock' for ");
    assert!(log.contains("see what it does: mgrctl mgr module stacks hangs"), "{log}");
    daemon.ok("mgr module ls");
    let times = daemon.await_log("the module has run").matches("the module has run").count();
    assert_eq!(times, 1, "a warning is logged once");
}

#[test]
fn an_interpreter_that_a_thread_holds_is_named() {
    let daemon = hanging();
    let _waiting = daemon.ctl("hangs interpreter").spawn();
    await_diagnosis(&daemon, "hangs", "its interpreter does not answer: a thread holds the lock");
}

#[test]
fn a_stopped_process_is_named_and_continues() {
    let daemon = hanging();
    for module in ["hangs", "rust"] {
        let pid = daemon.await_running(module);
        process::signal(pid, Signal::SIGSTOP);
        await_diagnosis(&daemon, module, &format!("`kill -CONT {pid}` continues it"));
        process::signal(pid, Signal::SIGCONT);
        eventually("it answers again", || {
            let health = daemon.ok("health detail");
            if health.contains("MGR_MODULE_STUCK") { Err(health) } else { Ok(()) }
        });
        assert_eq!(daemon.await_running(module), pid);
    }
}

#[test]
fn a_rust_module_that_blocks_its_runtime_is_named() {
    let setup = Setup::new().installed_binary("guide", "guide", &[]).enable("guide");
    let daemon = setup.settings(SETTINGS).start();
    daemon.await_running("guide");
    let _waiting = daemon.ctl("guide refuse never").spawn();
    await_diagnosis(&daemon, "guide", "its runtime does not answer: code that waits blocks it");
}

#[test]
fn a_notification_that_is_handled_for_ever_is_named() {
    let daemon = hanging();
    daemon.ok("hangs notified");
    daemon.ok("mgr module disable rust");
    await_diagnosis(&daemon, "hangs", "has handled the notification 'mgr_map' for ");
}

#[test]
fn a_module_that_waits_for_another_names_that_one() {
    let setup = Setup::new().python("caller", &HANGS.replace("'hangs ", "'caller "));
    let daemon = setup.python("hangs", HANGS).settings(SETTINGS).start();
    daemon.await_running("caller");
    daemon.await_running("hangs");
    let _waiting = daemon.ctl("caller called hangs").spawn();
    eventually("health names both", || {
        let health = daemon.ok("health detail");
        let waits = health.contains("'caller' has waited for module 'hangs' for ");
        let called = health.contains("'hangs' has handled the remote call 'never' of ");
        if waits && called { Ok(()) } else { Err(health) }
    });
}

#[test]
fn a_slow_start_and_a_slow_end_are_named() {
    let slow = "
import threading
from mgr_module import MgrModule
class Module(MgrModule):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        threading.Event().wait()
";
    let daemon =
        Setup::new().rogue("deaf", &["deaf"]).python("slow", slow).settings(SETTINGS).start();
    await_diagnosis(&daemon, "slow", "has been starting for ");
    daemon.await_running("deaf");
    let disabling = daemon.ctl("mgr module disable deaf").spawn();
    eventually("the table names it", || {
        let table = daemon.ok("mgr module ls");
        if table.contains("after it was asked to") { Ok(()) } else { Err(table) }
    });
    disabling.end().ok();
}

#[test]
fn no_module_is_stuck_because_the_manager_stood_still() {
    let settings = "[limits.module]\nping_interval = 0.1\nping_warning = 0.5\nping_restart = 1\n";
    let daemon = Setup::new().rogue("rust", &[]).settings(settings).start();
    let pid = daemon.await_running("rust");
    for _ in 0..3 {
        daemon.signal(Signal::SIGSTOP);
        // There is no event to wait for: only time passes.
        std::thread::sleep(Duration::from_secs(2));
        daemon.signal(Signal::SIGCONT);
        assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
    }
    assert_eq!(daemon.await_running("rust"), pid);
    assert!(!daemon.log().contains("the module is restarted"), "{}", daemon.log());
}

#[test]
fn the_stacks_of_a_module_that_was_restarted_because_it_hung_are_in_its_crash_report() {
    let settings = "[limits.module]\nping_interval = 0.1\nping_restart = 1\nstacks_timeout = 0.5\n";
    let setup = Setup::new().python("hangs", HANGS).settings(settings);
    let daemon = setup.start();
    let before = daemon.await_running("hangs");
    let _waiting = daemon.ctl("hangs interpreter").spawn();
    daemon.await_restart("hangs", before);
    let id = eventually("a report", || {
        let reports = daemon.json("crash ls-new");
        reports[0]["crash_id"].as_str().map(str::to_owned).ok_or(reports)
    });
    let report = daemon.ok(&format!("crash info {id}"));
    assert!(report.contains("in interpreter"), "{report}");
    assert!(report.contains("its interpreter does not answer"), "{report}");
    assert!(report.contains("hangs interpreter"), "{report}");
}

#[test]
fn the_crash_report_of_a_rust_module_that_blocked_its_runtime_names_the_function() {
    let settings = "[limits.module]\nping_interval = 0.1\nping_restart = 1\nstacks_timeout = 20\n";
    let setup = Setup::new().installed_binary("guide", "guide", &[]).enable("guide");
    let daemon = setup.settings(settings).start();
    let before = daemon.await_running("guide");
    let _waiting = daemon.ctl("guide refuse never").spawn();
    daemon.await_restart("guide", before);
    let id = eventually("a report", || {
        let reports = daemon.json("crash ls-new");
        reports[0]["crash_id"].as_str().map(str::to_owned).ok_or(reports)
    });
    let report = daemon.ok(&format!("crash info {id}"));
    assert!(report.contains("blocks_the_runtime"), "{report}");
}
