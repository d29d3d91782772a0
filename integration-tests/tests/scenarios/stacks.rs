//! `mgr module stacks`: what the threads of a module do, whatever the module does.

use integration_tests::{Setup, TestManager, eventually, process};
use nix::sys::signal::Signal;

/// A module in Python whose commands hang in different ways.
const HANGS: &str = "
import ctypes, threading, time
from mgr_module import CLICommand, HandleCommandResult, MgrModule

class Module(MgrModule):
    @CLICommand('hangs lock')
    def lock(self) -> HandleCommandResult:
        'Wait for a lock that is never released'
        waits_for_a_lock()
        return HandleCommandResult()

    @CLICommand('hangs interpreter')
    def interpreter(self) -> HandleCommandResult:
        'Hold the lock of the interpreter'
        # This library does not release the lock.
        holds_the_interpreter()
        return HandleCommandResult()

    @CLICommand('hangs deep')
    def deep(self) -> HandleCommandResult:
        'Hold the lock of the interpreter while other threads have many calls'
        for _ in range(5):
            threading.Thread(target=goes_down, args=(30,), daemon=True).start()
        while below < 5:
            time.sleep(0.01)
        holds_the_interpreter()
        return HandleCommandResult()

below = 0

def goes_down(calls) -> None:
    global below
    if calls > 1:
        return goes_down(calls - 1)
    below += 1
    time.sleep(1000)

def waits_for_a_lock() -> None:
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()

def holds_the_interpreter() -> None:
    ctypes.PyDLL(None).sleep(1000)
";

fn hanging(settings: &str) -> TestManager {
    let setup = Setup::new().rogue("rust", &[]).python("hangs", HANGS);
    let daemon = setup.settings(settings).start();
    daemon.await_running("hangs");
    daemon.await_running("rust");
    daemon
}

/// Waits until the stacks contain this text.
fn await_stacks(daemon: &TestManager, module: &str, text: &str) -> String {
    eventually(&format!("'{text}' in the stacks of {module}"), || {
        let stacks = daemon.ok(&format!("mgr module stacks {module}"));
        if stacks.contains(text) { Ok(stacks) } else { Err(stacks) }
    })
}

#[test]
fn the_stacks_of_a_python_module_are_shown_with_the_names_of_its_threads() {
    let daemon = hanging("");
    let _waiting = daemon.ctl("hangs lock").spawn();
    let stacks = await_stacks(&daemon, "hangs", "in waits_for_a_lock");
    assert!(stacks.contains("the module showed its stacks:"), "{stacks}");
    assert!(stacks.contains("hangs/module.py"), "{stacks}");
    let pid = daemon.await_running("hangs");
    assert!(stacks.contains(&format!("thread {pid} ")), "{stacks}");
    let described = daemon.json("mgr module stacks hangs");
    assert_eq!((&described["pid"], &described["answered"]), (&pid.into(), &"module".into()));
    assert!(described["threads"].as_array().is_some_and(|threads| threads.len() > 2));
}

#[test]
fn the_stacks_of_a_module_that_holds_the_interpreter_come_from_a_signal_handler() {
    let daemon = hanging("[limits.module]\nstacks_timeout = 0.5\n");
    let _waiting = daemon.ctl("hangs interpreter").spawn();
    let stacks = await_stacks(&daemon, "hangs", "in holds_the_interpreter");
    assert!(stacks.contains("the interpreter does not answer"), "{stacks}");
    assert!(stacks.contains("sleeping"), "{stacks}");
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
}

#[test]
fn many_calls_of_many_threads_are_shown_while_the_interpreter_is_held() {
    let daemon = hanging("[limits.module]\nstacks_timeout = 0.5\n");
    let _waiting = daemon.ctl("hangs deep").spawn();
    await_stacks(&daemon, "hangs", "the interpreter does not answer");
    for _ in 0..3 {
        let stacks = daemon.ok("mgr module stacks hangs");
        assert_eq!(stacks.matches("in goes_down").count(), 5 * 30, "{stacks}");
        assert!(stacks.contains("in holds_the_interpreter"), "{stacks}");
        assert!(!stacks.contains("cut here"), "{stacks}");
    }
}

#[test]
fn stacks_that_are_cut_say_where() {
    let daemon = hanging("[limits.module]\nstacks_timeout = 0.5\nstacks_bytes = 3000\n");
    let _waiting = daemon.ctl("hangs deep").spawn();
    let stacks = await_stacks(&daemon, "hangs", "the interpreter does not answer");
    assert!(stacks.contains("\n… cut here: only the first 3000 bytes are kept\n"), "{stacks}");
}

#[test]
fn the_stacks_of_a_rust_module_that_blocks_its_runtime_name_the_function() {
    let setup = Setup::new().installed_binary("guide", "guide", &[]).enable("guide");
    let daemon = setup.settings("[limits.module]\nstacks_timeout = 20\n").start();
    let pid = daemon.await_running("guide");
    let _waiting = daemon.ctl("guide refuse never").spawn();
    let stacks = await_stacks(&daemon, "guide", "blocks_the_runtime");
    assert!(stacks.contains("the module showed its stacks:"), "{stacks}");
    assert!(stacks.contains(&format!("thread {pid} guide:")), "{stacks}");
    assert!(!stacks.contains("write_frames"), "{stacks}");
    // To be asked changes nothing.
    assert_eq!(daemon.await_running("guide"), pid);
}

#[test]
fn a_rust_module_that_works_goes_on_while_its_stacks_are_shown() {
    let setup = Setup::new().installed_binary("guide", "guide", &[]).enable("guide");
    let daemon = setup.settings("[limits.module]\nstacks_timeout = 20\n").start();
    let pid = daemon.await_running("guide");
    for _ in 0..3 {
        let stacks = await_stacks(&daemon, "guide", "mgrd_sdk::run::run");
        assert!(stacks.contains("the module showed its stacks:"), "{stacks}");
        assert_eq!(
            daemon.ok("guide wormholes -f json"),
            "{\"gravitons\":999,\"names\":[\"a\",\"b\"]}\n"
        );
    }
    assert_eq!(daemon.await_running("guide"), pid);
}

#[test]
fn the_stacks_of_a_stopped_process_come_from_the_kernel() {
    let daemon = hanging("");
    for module in ["hangs", "rust"] {
        let pid = daemon.await_running(module);
        process::signal(pid, Signal::SIGSTOP);
        let stacks = await_stacks(&daemon, module, "stopped by a signal (T)");
        assert!(stacks.contains("only what the kernel shows is known"), "{stacks}");
        process::signal(pid, Signal::SIGCONT);
    }
}

#[test]
fn a_program_without_an_sdk_is_shown_from_outside_and_lives_on() {
    let script = "[module]\nexec = [\"/bin/sh\", \"-c\", \"sleep 1000; true\"]\n";
    let settings = "[limits.module]\nstacks_timeout = 0.2\n";
    let daemon = Setup::new().file("plain", "module.toml", script).enable("plain");
    let daemon = daemon.settings(settings).start();
    daemon.await_state("plain", "starting");
    let stacks = eventually("the stacks of the program", || {
        let stacks = daemon.run("mgr module stacks plain");
        if stacks.text().contains("system call wait4") {
            Ok(stacks.text())
        } else {
            Err(stacks.stderr)
        }
    });
    assert!(stacks.contains("did not show its stacks within 0.2 s"), "{stacks}");
    let pid = daemon.module("plain")["pid"].to_string();
    assert!(stacks.starts_with(&format!("process {pid}: ")), "{stacks}");
}

#[test]
fn a_module_without_a_process_has_no_stacks() {
    let daemon = Setup::new().installed_rogue("rust", &[]).start();
    let refused = daemon.run("mgr module stacks rust");
    assert_eq!(refused.status, Some(3), "{refused:?}");
    assert!(refused.stderr.contains("has no process, because it is disabled"), "{refused:?}");
    daemon.run("mgr module stacks nope").fails(2);
}

#[test]
fn many_requests_for_stacks_share_an_answer_and_disturb_no_other() {
    let daemon = hanging("");
    let asked: Vec<_> = (0..50).map(|_| daemon.ctl("mgr module stacks hangs").spawn()).collect();
    assert_eq!(daemon.ok("rust echo hi"), "[\"hi\"]\n");
    for answer in asked {
        assert!(answer.end().ok().contains("the module showed its stacks:"));
    }
}

#[test]
fn a_module_that_writes_garbage_instead_of_stacks_is_cut_and_cleaned() {
    let garbage = "
import os, socket, threading
from mgr_module import MgrModule
def is_channel(fd):
    try:
        with socket.socket(fileno=os.dup(fd)) as end:
            return end.family == socket.AF_UNIX and not end.getpeername()
    except OSError:
        return False
channel = next(fd for fd in range(3, 1000) if is_channel(fd))
def flood():
    os.set_blocking(channel, True)
    while True:
        os.write(channel, b'\\x1b[2J\\x07garbage\\n' * 1000)
threading.Thread(target=flood, daemon=True).start()
class Module(MgrModule):
    pass
";
    let settings = "[limits.module]\nstacks_bytes = 5000\nstacks_timeout = 0.5\n";
    let daemon = Setup::new().python("liar", garbage).settings(settings).start();
    daemon.await_running("liar");
    let stacks = await_stacks(&daemon, "liar", "garbage");
    assert!(!stacks.contains('\u{1b}') && !stacks.contains('\u{7}'), "{stacks}");
    assert!(stacks.matches("garbage").count() < 1000, "{}", stacks.len());
    daemon.ok("mgr module ls");
}

#[test]
fn the_stacks_of_a_stuck_module_are_in_the_log_before_it_is_restarted() {
    let settings = "[limits.module]\nping_interval = 0.1\nping_restart = 1\nstacks_timeout = 0.5\n";
    let daemon = hanging(settings);
    let before = daemon.await_running("hangs");
    let _waiting = daemon.ctl("hangs interpreter").spawn();
    daemon.await_restart("hangs", before);
    let log = daemon.log();
    let stacks = log.find("in holds_the_interpreter").expect("the stacks are in the log");
    let end = log[stacks..].find("the process has ended");
    assert!(end.is_some(), "{log}");
}
