//! Survivors: what outlives a killed `mgrd` is ended before the next one starts its modules.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use integration_tests::{SHELL, Setup, TestManager, eventually, process};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use serde_json::{Value, json};

/// A daemon with a module that does not end together with a killed `mgrd`.
fn untied() -> TestManager {
    Setup::new().rogue("m", &["untied", "deaf"]).start()
}

/// Starts a process through the module `m`; returns its number.
fn child(daemon: &TestManager, through: &str) -> u32 {
    let script = format!("{through} sleep 1000 > /dev/null 2>&1 & echo $!");
    daemon.ctl("sh").word(script).run().ok().trim().parse().unwrap()
}

/// The records of the managers.
fn records(daemon: &TestManager) -> Vec<PathBuf> {
    let folder = daemon.folder().join("data/processes");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Waits until a record names this process.
fn await_recorded(daemon: &TestManager, pid: u32) {
    eventually("the process is recorded", || {
        let texts = records(daemon).into_iter().map(|path| std::fs::read_to_string(path).unwrap());
        let text = texts.collect::<String>();
        if text.contains(&format!("\"pid\":{pid},")) { Ok(()) } else { Err(text) }
    });
}

/// The only process of the module.
fn await_one_copy(daemon: &TestManager, module: &str) -> u32 {
    let pid = daemon.await_running(module);
    let mut left = process::of_folder(daemon.folder());
    left.retain(|left| *left != daemon.pid());
    assert_eq!(left, [pid]);
    pid
}

#[test]
fn a_module_that_outlives_a_killed_mgrd_ends_before_it_starts_again() {
    let mut daemon = untied();
    for _ in 0..3 {
        let before = await_one_copy(&daemon, "m");
        let child: u32 = daemon.ok("m misbehave fork 1").trim().parse().unwrap();
        daemon.kill();
        assert!(process::alive(before) && process::alive(child));
        daemon.restart();
        daemon.await_running("m");
        // They end before modules are started.
        assert!(!process::alive(before) && !process::alive(child));
        daemon.await_log("outlived an mgrd that was killed");
    }
    assert_eq!(records(&daemon).len(), 1);
}

#[test]
fn what_a_module_left_ends_too() {
    let mut daemon = Setup::new().python("m", SHELL).start();
    daemon.await_running("m");
    // The first two are recognized by their environment, the last one because it was recorded.
    let left = [child(&daemon, ""), child(&daemon, "setsid -f"), child(&daemon, "env -i setsid")];
    await_recorded(&daemon, left[2]);
    daemon.kill();
    assert!(process::alive(left[2]));
    daemon.restart();
    await_one_copy(&daemon, "m");
    for pid in left {
        assert!(!process::alive(pid));
    }
}

#[test]
fn a_standby_that_takes_over_ends_what_outlived_the_active_manager() {
    let mut daemon = untied();
    let before = daemon.await_running("m");
    let peer = daemon.start_manager("y");
    daemon.await_standbys(&["y"]);
    daemon.kill();
    daemon.await_active("y");
    daemon.await_running("m");
    assert!(!process::alive(before));
    peer.await_log("outlived an mgrd that was killed");
    // The other way round, a manager that lives keeps its modules.
    let after = daemon.await_running("m");
    daemon.restart();
    daemon.await_standbys(&["x"]);
    assert_eq!(daemon.await_running("m"), after);
}

/// A process that no module started.
struct Bystander(Child);

impl Bystander {
    fn start() -> Self {
        Self(Command::new("setsid").args(["sleep", "1000"]).spawn().unwrap())
    }

    fn start_of(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id())).unwrap();
        stat.rsplit_once(") ").unwrap().1.split(' ').nth(22 - 3).unwrap().parse().unwrap()
    }
}

impl Drop for Bystander {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// The record of a manager that is gone, changed.
fn write(folder: &Path, name: &str, like: &Value, change: impl FnOnce(&mut Value)) {
    let mut record = like.clone();
    change(&mut record);
    std::fs::write(folder.join(name), record.to_string()).unwrap();
}

#[test]
fn a_record_that_is_wrong_ends_no_other_process_and_does_not_stop_mgrd() {
    let mut daemon = Setup::new().rogue("m", &[]).start();
    daemon.await_running("m");
    daemon.kill();
    let path = records(&daemon).remove(0);
    let like: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let bystander = Bystander::start();
    let (pid, start) = (bystander.0.id(), bystander.start_of());
    let folder = daemon.folder().join("data/processes");
    let named = |pid: u32, start: u64| json!([{ "module": "m", "pid": pid, "start": start }]);
    // The number was used again since; another boot; this test, which is the parent of mgrd.
    write(&folder, "again", &like, |record| record["processes"] = named(pid, start - 1));
    write(&folder, "boot", &like, |record| {
        record["system"] = "another boot".into();
        record["processes"] = named(pid, start);
    });
    write(&folder, "parent", &like, |record| {
        let me = std::process::id();
        let stat = std::fs::read_to_string(format!("/proc/{me}/stat")).unwrap();
        let start = stat.rsplit_once(") ").unwrap().1.split(' ').nth(22 - 3).unwrap().parse();
        record["processes"] = named(me, start.unwrap());
    });
    write(&folder, "half", &like, |record| *record = "{\"system\":".into());
    std::fs::write(folder.join("large"), vec![b'['; 16 << 20]).unwrap();
    symlink("/dev/zero", folder.join("link")).unwrap();
    mkfifo(&folder.join("fifo"), Mode::S_IRWXU).unwrap();
    daemon.restart();
    await_one_copy(&daemon, "m");
    assert!(process::alive(pid));
}

#[test]
fn a_record_that_cannot_be_written_stops_no_module() {
    let setup = Setup::new().rogue("m", &[]);
    std::fs::create_dir(setup.folder().join("data")).unwrap();
    std::fs::write(setup.folder().join("data/processes"), "").unwrap();
    let daemon = setup.start();
    daemon.await_running("m");
    daemon.await_log("cannot record the processes of modules");
}
