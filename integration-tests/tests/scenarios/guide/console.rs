//! Debugging: a console inside a module.

use std::io::Write;
use std::process::{Command, Stdio};

use integration_tests::{Setup, TestManager, places};

use super::{PROBE, probing};

const TERMINAL: &str = include_str!("../modules/terminal.py");
const PREFIX: &str = "mgr probe eval";
const PROMPT: &str = "[mgr probe eval] >>> ";

/// Runs `mgrctl repl` on terminals and does what the script says; see `modules/terminal.py`.
fn on_terminals(daemon: &TestManager, script: &[(&str, &str, &str)]) {
    let mut child = Command::new(places::python())
        .args(["-c", TERMINAL])
        .arg(places::binary("mgrctl"))
        .args(["repl", "--prefix", PREFIX])
        .env("MGRD_SOCKET", daemon.socket())
        .env("XDG_STATE_HOME", daemon.folder())
        .env("TERM", "xterm")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = child.stdin.take().unwrap();
    for step in script {
        // One that gave up says why below.
        let _ = writeln!(lines, "{}", serde_json::to_string(step).unwrap());
    }
    drop(lines);
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
}

#[test]
fn a_console_has_history_completion_and_blocks() {
    let daemon = probing(&["probe"]);
    on_terminals(
        &daemon,
        &[
            ("a", "await", "Python 3."),
            ("a", "await", PROMPT),
            ("a", "type", "print(mgr.version)\r"),
            ("a", "await", "mgrd "),
            ("a", "await", PROMPT),
            ("a", "type", "mgr.get_mgr_\t"),
            ("a", "await", "mgr.get_mgr_i"),
            ("a", "type", "d()\r"),
            ("a", "await", "'x'"),
            ("a", "await", PROMPT),
            ("a", "type", "def double(n):\r"),
            ("a", "await", "... "),
            ("a", "type", "    return 2 * n\r"),
            ("a", "await", "... "),
            ("a", "type", "\r"),
            ("a", "await", PROMPT),
            ("a", "type", "double(2100)\r"),
            ("a", "await", "4200"),
            ("a", "await", PROMPT),
            ("a", "type", "1 / 0\r"),
            ("a", "await", "ZeroDivisionError: division by zero"),
            ("a", "await", PROMPT),
            ("a", "type", "\x1b[A\x1b[A\r"), // twice up: the line before the last
            ("a", "await", "4200"),
            ("a", "type", "\x04"),
        ],
    );
    on_terminals(
        &daemon,
        &[("a", "await", PROMPT), ("a", "type", "\x1b[A"), ("a", "await", "double(2100)")],
    );
}

#[test]
fn several_consoles_at_once_do_not_mix() {
    let daemon = probing(&["probe"]);
    on_terminals(
        &daemon,
        &[
            ("a", "await", PROMPT),
            ("b", "await", PROMPT),
            ("a", "type", "mine = 'of a'\r"),
            ("b", "type", "mine = 'of b'\r"),
            ("a", "await", PROMPT),
            ("b", "await", PROMPT),
            ("a", "type", "print('it is', mine)\r"),
            ("b", "type", "print('it is', mine)\r"),
            ("a", "await", "it is of a"),
            ("b", "await", "it is of b"),
        ],
    );
}

#[test]
fn a_console_reads_source_from_a_pipe_and_names_the_daemon_for_other_programs() {
    let daemon = probing(&["probe"]);
    let repl = daemon.ctl("repl --prefix").word(PREFIX);
    let said = repl.input("n = 6\nfor i in range(2):\n    print(n * i)\n\nn + 1\n").run();
    assert_eq!(said.ok(), "0\n6\n7\n");
    let named = daemon.ok("repl --show-env");
    assert_eq!(named, format!("export MGRD_SOCKET={}\n", daemon.socket().display()));
}

#[test]
fn expressions_are_evaluated_only_if_the_operator_allows_it() {
    let daemon = Setup::new().python("probe", PROBE).start();
    daemon.await_running("probe");
    let refused = daemon.ctl("mgr probe eval -i -").input("print(1)").run().fails(1);
    assert!(refused.contains("Error EPERM: ") && refused.contains("--allow-eval"), "{refused}");
}

#[test]
fn the_selftest_module_answers_to_the_prefix_of_the_guide() {
    let daemon = Setup::new().argument("--allow-eval").example("selftest").start();
    daemon.await_running("selftest");
    assert_eq!(daemon.ctl("repl").input("mgr.get_mgr_id()\n").run().ok(), "'x'\n");
}
