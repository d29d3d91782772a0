//! Trees: all that a module starts belongs to it, counts for it and ends with it, however it was started.

use std::path::{Path, PathBuf};

use integration_tests::{SHELL, Setup, TestManager, eventually, places, process};
use nix::sys::signal::Signal;

/// A command that makes a module's process adopt no orphans.
const LET_ORPHANS_GO: &str = "
    @CLIReadCommand('let_orphans_go')
    def let_orphans_go(self) -> HandleCommandResult:
        'Adopt no orphans any more'
        import ctypes
        PR_SET_CHILD_SUBREAPER = 36
        return HandleCommandResult(ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0))
";

/// A module that runs shell scripts, and can stop adopting orphans.
fn module() -> String {
    format!("{SHELL}{LET_ORPHANS_GO}")
}

/// A daemon with the module `sh`.
fn shell(setup: Setup) -> TestManager {
    let daemon = setup.python("sh", &module()).start();
    daemon.await_running("sh");
    daemon
}

/// Has the module run a script.
fn sh(daemon: &TestManager, script: &str) {
    daemon.ctl("sh").word(script).run().ok();
}

/// What a script writes to a file, once it is whole: it ends with a line of its own.
fn written(file: &Path) -> String {
    eventually("a script has written", || {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        text.strip_suffix("written\n").map(str::to_owned).ok_or(text)
    })
}

/// The number in the first line.
fn pid(text: &str) -> u32 {
    text.lines().next().unwrap().trim().parse().unwrap()
}

/// Starts a process through the module that has a session of its own and lost its parent. It does
/// `script` and then stays. Returns its number and what it wrote.
fn detached(daemon: &TestManager, through: &str, script: &str) -> (u32, String) {
    let file = daemon.folder().join("written");
    let _ = std::fs::remove_file(&file);
    let inner = daemon.folder().join("script");
    let out = file.display();
    let text = format!("exec > {out} 2>&1\necho $$\n{script}\necho written\nexec sleep 1000\n");
    std::fs::write(&inner, text).unwrap();
    sh(daemon, &format!("{through} setsid -f sh {} > {out} 2>&1 < /dev/null", inner.display()));
    let text = written(&file);
    (pid(&text), text)
}

fn socket_arguments(daemon: &TestManager) -> (PathBuf, PathBuf) {
    (places::binary("mgrctl"), daemon.socket())
}

#[test]
fn a_detached_process_of_a_module_is_no_client_and_ends_with_the_module() {
    let daemon = shell(Setup::new());
    let (program, socket) = socket_arguments(&daemon);
    let script =
        format!("{} --socket {} config-key ls; echo =$?", program.display(), socket.display());
    for through in ["", "env -i"] {
        let (pid, text) = detached(&daemon, through, &script);
        assert!(!text.contains("=0") && text.contains("module"), "{text}");
        daemon.ok("mgr module disable sh");
        process::await_end(pid);
        daemon.ok("mgr module enable sh");
        daemon.await_running("sh");
    }
}

#[test]
fn a_detached_process_ends_when_its_module_crashes() {
    let daemon = shell(Setup::new());
    let before = daemon.await_running("sh");
    let (pid, _) = detached(&daemon, "env -i", "");
    process::signal(before, Signal::SIGKILL);
    process::await_end(pid);
    daemon.await_restart("sh", before);
}

#[test]
fn a_process_whose_module_cannot_be_found_is_no_client_and_is_ended() {
    let daemon = shell(Setup::new());
    let running = daemon.await_running("sh");
    daemon.ok("let_orphans_go");
    let (program, socket) = socket_arguments(&daemon);
    let command = format!("{} --socket {} config-key ls", program.display(), socket.display());
    let file = daemon.folder().join("succeeded");
    // The loop is silent: the end of what the script writes shows that it runs.
    let attempt = format!("{command} > /dev/null 2>&1 && touch {}", file.display());
    let script = format!("echo written; while :; do {attempt}; done");
    let (pid, _) = detached(&daemon, "env -i", &script);
    process::await_end(pid);
    assert!(!file.exists());
    assert_eq!(daemon.await_running("sh"), running);
}

#[test]
fn no_process_of_a_module_joins_the_group_of_another_or_of_mgrd() {
    let daemon = shell(Setup::new().rogue("other", &[]));
    let other = daemon.await_running("other");
    for neighbour in [other, daemon.pid()] {
        let code = format!("import os; os.setpgid(0, os.getpgid({neighbour}))");
        let tried =
            daemon.ctl("sh").word(format!("{} -c '{code}'", places::python().display())).run();
        assert!(tried.stderr.contains("PermissionError"), "{}", tried.stderr);
    }
}

#[test]
fn processes_that_replace_those_that_are_killed_end_with_their_module() {
    let daemon = shell(Setup::new());
    let hydra = "for i in 1 2 3 4 5 6 7 8 9 10; do for j in 1 2 3 4 5; do \
                 setsid sh -c 'while :; do sleep 1000 & wait $!; done' > /dev/null 2>&1 & done; done";
    sh(&daemon, hydra);
    eventually("all are there", || {
        let there = process::of_folder(daemon.folder()).len();
        if there >= 100 { Ok(()) } else { Err(there) }
    });
    daemon.ok("mgr module disable sh");
    eventually("only mgrd is left", || {
        let left = process::of_folder(daemon.folder());
        if left == [daemon.pid()] { Ok(()) } else { Err(left.len()) }
    });
}

#[test]
fn mgrd_ends_with_all_that_its_modules_started() {
    for signals in [1, 2] {
        let patient = "[limits]\nshutdown_grace = 3600\n[limits.module]\nshutdown_grace = 3600\n";
        let setup = Setup::new().rogue("deaf", &["deaf"]);
        let setup = if signals == 2 { setup.settings(patient) } else { setup };
        let mut daemon = shell(setup);
        daemon.await_running("deaf");
        let (pid, _) = detached(&daemon, "env -i", "");
        daemon.signal(Signal::SIGTERM);
        if signals == 2 {
            daemon.await_log("stopping");
            daemon.signal(Signal::SIGTERM);
        }
        assert!(daemon.await_end().success());
        assert!(!process::alive(pid));
        assert!(process::of_folder(daemon.folder()).is_empty());
    }
}

#[test]
fn the_memory_of_a_child_counts() {
    let setup = Setup::new();
    let folder = setup.modules().join("sh");
    let daemon = setup.installed_python("sh", &module()).start();
    std::fs::write(folder.join("module.toml"), "[limits]\nmemory_mb = 200\n").unwrap();
    daemon.ok("mgr module enable sh");
    let before = daemon.await_running("sh");
    let code = "x = bytearray(b\"1\" * (300 << 20)); import time; time.sleep(1000)";
    sh(&daemon, &format!("{} -c '{code}' > /dev/null 2>&1 &", places::python().display()));
    daemon.await_restart("sh", before);
    daemon.await_log("its limit is 200 MiB");
}

#[test]
fn children_that_spin_give_way() {
    let daemon = shell(Setup::new());
    let file = daemon.folder().join("written");
    // Each is a session.
    let spin = "setsid sh -c 'while :; do :; done' > /dev/null 2>&1";
    let script = format!(
        "for i in $(seq 16); do {spin} & echo $!; done > {0}; echo written >> {0}",
        file.display()
    );
    sh(&daemon, &script);
    let children: Vec<u32> = written(&file).lines().map(|pid| pid.parse().unwrap()).collect();
    assert_eq!(children.len(), 16);
    for child in children {
        eventually("it and its session have the highest niceness", || {
            let stat = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap();
            let fields = stat.rsplit_once(") ").unwrap().1.split(' ');
            // Field 19 is the niceness; the state is field 3.
            let nice = fields.clone().nth(19 - 3).unwrap().to_owned();
            // A kernel that does not divide the processors among sessions has no such file.
            let session = std::fs::read_to_string(format!("/proc/{child}/autogroup")).ok();
            let session_gives_way =
                session.as_ref().is_none_or(|text| text.ends_with(" nice 19\n"));
            if nice == "19" && session_gives_way {
                Ok(())
            } else {
                Err(format!("{nice} {session:?}"))
            }
        });
    }
    assert!(daemon.ok("mgr stat").contains("active"));
}

#[test]
fn orphans_are_reaped() {
    let daemon = shell(Setup::new());
    let zombies = || {
        let mgrd = daemon.pid().to_string();
        let entries = std::fs::read_dir("/proc").unwrap().flatten();
        let stats =
            entries.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
        let is_zombie = |stat: &String| {
            let fields: Vec<_> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
            fields[0] == "Z" && fields[1] == mgrd
        };
        stats.filter(is_zombie).count()
    };
    for _ in 0..3 {
        let before = daemon.await_running("sh");
        sh(
            &daemon,
            "for i in $(seq 20); do setsid -f true; setsid -f sleep 1000 > /dev/null 2>&1; done",
        );
        process::signal(before, Signal::SIGKILL);
        daemon.await_restart("sh", before);
    }
    eventually("no zombie is left", || match zombies() {
        0 => Ok(()),
        left => Err(left),
    });
}
