//! Limits of one module that an operator sets: they hold at once, are kept, and the end of a module that
//! exceeds them is explained.

use std::thread;

use integration_tests::{Setup, TestManager, eventually, process};
use nix::sys::signal::Signal;
use serde_json::Value;

/// A module that takes memory, files and time as it is asked to.
const GREEDY: &str = "
import os, subprocess, threading, time
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule

class Module(MgrModule):
    kept = []

    @CLIReadCommand('greedy take')
    def take(self, mib: int) -> HandleCommandResult:
        'Take memory and keep it'
        self.kept.append(bytearray(b'1') * (mib << 20))
        return HandleCommandResult(0, 'taken', '')

    @CLIReadCommand('greedy hoard')
    def hoard(self) -> HandleCommandResult:
        'Take memory without end'
        while True:
            self.kept.append(bytearray(b'1') * (20 << 20))
            time.sleep(0.05)

    @CLIReadCommand('greedy grow')
    def grow(self) -> HandleCommandResult:
        'Take more memory all the time'
        def grow() -> None:
            while True:
                self.kept.append(bytearray(b'1') * (3 << 20))
                time.sleep(0.2)
        threading.Thread(target=grow, daemon=True).start()
        return HandleCommandResult(0, '', '')

    @CLIReadCommand('greedy give_up')
    def give_up(self) -> HandleCommandResult:
        'End as a program does that gets no more memory'
        os.write(2, b'MemoryError\\n')
        os._exit(1)

    @CLIReadCommand('greedy start')
    def start(self, n: int) -> HandleCommandResult:
        'Start processes'
        for _ in range(n):
            self.kept.append(subprocess.Popen(['sleep', '1000']))
        return HandleCommandResult(0, '', '')

    @CLIReadCommand('greedy sleep')
    def sleep(self) -> HandleCommandResult:
        'Sleep'
        time.sleep(1000)
        return HandleCommandResult(0, '', '')
";

/// A daemon with the module, and what is set for it in `module.toml`.
fn greedy(setup: Setup, limits: &str) -> TestManager {
    let setup = setup.file("greedy", "module.toml", &format!("[limits]\n{limits}\n"));
    let daemon = setup.python("greedy", GREEDY).rogue("quiet", &[]).start();
    daemon.await_running("greedy");
    daemon.await_running("quiet");
    daemon
}

/// A limit of the module as it is shown.
fn shown(daemon: &TestManager, limit: &str) -> (String, String) {
    let all = daemon.json("mgr module limit greedy");
    let text = |key: &str| all[limit][key].as_str().unwrap_or_default().to_owned();
    (text("text"), text("origin"))
}

/// The number of open files that the kernel allows a process.
fn open_files(pid: u32) -> String {
    let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    line.split_whitespace().next().unwrap().to_owned()
}

/// Waits until the health check is raised, or is not any more; returns its summary.
fn await_check(daemon: &TestManager, code: &str, raised: bool) -> String {
    eventually(&format!("{code} raised: {raised}"), || {
        let health = daemon.json("health detail");
        let check = &health["checks"][code];
        match (check, raised) {
            (Value::Null, false) => Ok(String::new()),
            (Value::Null, true) => Err(health),
            (check, true) => Ok(check["summary"]["message"].as_str().unwrap().to_owned()),
            (_, false) => Err(health),
        }
    })
}

fn assert_quiet_answers(daemon: &TestManager) {
    assert_eq!(daemon.module("quiet")["restarts"], 0);
    assert_eq!(daemon.module("quiet")["state"], "running");
}

#[test]
fn a_limit_holds_at_once_is_kept_and_can_be_taken_back() {
    let mut daemon = greedy(Setup::new(), "open_files = 200\nmemory = '1G'");
    let before = daemon.await_running("greedy");
    assert_eq!(shown(&daemon, "open_files"), ("200".into(), "module.toml".into()));
    let set = daemon.run("mgr module limit greedy open_files=100 memory=300M");
    assert!(set.stderr.contains("open_files of module 'greedy' is 100 now"), "{set:?}");
    assert_eq!(open_files(before), "100");
    assert_eq!(shown(&daemon, "memory"), ("300M".into(), "operator".into()));
    daemon.kill();
    daemon.restart();
    let after = daemon.await_running("greedy");
    assert_eq!((open_files(after), shown(&daemon, "memory").0), ("100".into(), "300M".into()));
    daemon.ok("mgr module limit greedy --reset");
    assert_eq!(shown(&daemon, "memory"), ("1G".into(), "module.toml".into()));
    daemon.ok("mgr module restart greedy");
    assert_eq!(open_files(daemon.await_restart("greedy", after)), "200");
}

#[test]
fn limits_are_kept_by_a_standby_that_takes_over() {
    let mut daemon = greedy(Setup::new(), "");
    let _standby = daemon.start_manager("y");
    daemon.await_standbys(&["y"]);
    daemon.ok("mgr module limit greedy memory=300M store_keys=7");
    daemon.kill();
    daemon.await_active("y");
    assert_eq!(shown(&daemon, "memory"), ("300M".into(), "operator".into()));
    assert_eq!(shown(&daemon, "store_keys"), ("7".into(), "operator".into()));
}

#[test]
fn limits_that_are_set_at_the_same_time_are_all_kept() {
    let daemon = greedy(Setup::new(), "");
    let limits = ["memory=1G", "cpu_weight=7", "in_flight=9", "store_keys=11", "processes=3000"];
    let asked = &daemon;
    thread::scope(|scope| {
        for limit in limits {
            scope.spawn(move || asked.ok(&format!("mgr module limit greedy {limit}")));
        }
    });
    let all = daemon.json("mgr module limit greedy");
    for limit in limits {
        let (name, value) = limit.split_once('=').unwrap();
        assert_eq!((&all[name]["text"], &all[name]["origin"]), (&value.into(), &"operator".into()));
    }
}

#[test]
fn a_module_that_runs_out_of_memory_is_killed_and_its_clients_learn_why() {
    let daemon = greedy(Setup::new(), "");
    let before = daemon.await_running("greedy");
    daemon.ok("mgr module limit greedy memory=300M");
    let refused = daemon.run("greedy hoard");
    let text = refused.fails(5);
    for part in ["ran out of memory: it used ", "its limit is 300 MiB", "greedy hoard"] {
        assert!(text.contains(part), "{text}");
    }
    daemon.await_restart("greedy", before);
    let summary = await_check(&daemon, "MGR_MODULE_UNSTABLE", true);
    assert!(summary.contains("ran out of memory"), "{summary}");
    assert!(daemon.log().contains("ran out of memory"));
    assert_quiet_answers(&daemon);
}

#[test]
fn a_limit_below_the_current_use_also_holds() {
    let daemon = greedy(Setup::new(), "");
    let before = daemon.await_running("greedy");
    let set = daemon.run("mgr module limit greedy memory=1M");
    assert!(set.stderr.contains("it uses more"), "{set:?}");
    process::await_end(before);
    daemon.await_log("its limit is 1 MiB");
    daemon.ok("mgr module limit greedy memory=default");
    daemon.ok("mgr module restart greedy");
    daemon.await_running("greedy");
    assert_quiet_answers(&daemon);
}

#[test]
fn memory_near_its_limit_and_memory_that_grows_are_warnings() {
    let daemon = greedy(Setup::new().settings("[limits.module]\nleak_window = 6\n"), "");
    daemon.ok("mgr module limit greedy memory_warning=1% memory=1G");
    let summary = await_check(&daemon, "MGR_MODULE_MEMORY", true);
    assert!(summary.contains("'greedy' uses") && summary.contains("1024 MiB"), "{summary}");
    daemon.ok("mgr module limit greedy memory_warning=100%");
    await_check(&daemon, "MGR_MODULE_MEMORY", false);
    daemon.ok("greedy grow");
    let summary = await_check(&daemon, "MGR_MODULE_MEMORY", true);
    assert!(summary.contains("MiB an hour for"), "{summary}");
    assert_quiet_answers(&daemon);
}

#[test]
fn a_program_that_takes_too_much_at_once_gets_an_error_and_lives() {
    let daemon = greedy(Setup::new(), "");
    let before = daemon.await_running("greedy");
    daemon.ok("mgr module limit greedy memory=300M");
    let refused = daemon.run("greedy take 100000");
    assert!(refused.stderr.contains("MemoryError"), "{refused:?}");
    assert_eq!(daemon.await_running("greedy"), before);
}

#[test]
fn a_lack_of_memory_is_called_that() {
    let daemon = greedy(Setup::new(), "");
    let before = daemon.await_running("greedy");
    let text = daemon.run("greedy give_up").fails(5);
    assert!(text.contains("ran out of memory: it could not get more"), "{text}");
    let again = daemon.await_restart("greedy", before);
    // A signal of another process is no such end.
    process::signal(again, Signal::SIGKILL);
    daemon.await_restart("greedy", again);
    assert_eq!(daemon.module("greedy")["last_exit"], "killed by SIGKILL");
}

#[test]
fn a_module_with_too_many_processes_is_killed() {
    let daemon = greedy(Setup::new(), "");
    let before = daemon.await_running("greedy");
    daemon.ok("mgr module limit greedy processes=100");
    daemon.ok("greedy start 120");
    daemon.await_restart("greedy", before);
    daemon.await_log("processes and threads, and its limit is 100");
    assert_quiet_answers(&daemon);
}

#[test]
fn a_command_ends_at_the_deadline_of_its_module() {
    let daemon = greedy(Setup::new(), "");
    daemon.ok("mgr module limit greedy command_deadline=500ms");
    let text = daemon.run("greedy sleep").fails(110);
    assert!(text.contains("command_deadline"), "{text}");
}

#[test]
fn the_limits_of_a_store_hold_at_once_for_clients_too() {
    let daemon = greedy(Setup::new(), "");
    daemon.ok("config-key set mgr/greedy/one 1");
    daemon.ok("mgr module limit greedy store_keys=1");
    daemon.ok("config-key set mgr/greedy/one 2");
    let text = daemon.run("config-key set mgr/greedy/two 2").fails(28);
    assert!(text.contains("store_keys"), "{text}");
    daemon.ok("mgr module limit greedy store_keys=default");
    daemon.ok("config-key set mgr/greedy/two 2");
}

#[test]
fn what_needs_control_groups_says_so() {
    let daemon = greedy(Setup::new(), "");
    let answer = daemon.run("mgr module limit greedy cpu=50%");
    let is_kept = daemon.json("mgr module limit greedy")["cpu"]["in_effect"] == true;
    assert!(is_kept || answer.stderr.contains("control groups"), "{answer:?}");
}
