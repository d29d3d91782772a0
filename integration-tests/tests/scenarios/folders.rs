//! Module folders: whatever is in them, `mgrd` starts, answers and names the problem.

use std::fs::File;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use integration_tests::{Setup, TestManager, process};
use nix::sys::signal::Signal;
use nix::sys::stat::Mode;

const MIB: u64 = 1 << 20;

/// What can lie in the place of a file, and how it is called.
const ODD: [(&str, &str); 5] = [
    ("fifo", "is a FIFO"),
    ("socket", "is a socket"),
    ("folder", "is a folder"),
    ("zero", "is a device"),
    ("huge", "is larger than 65536 bytes"),
];

/// Puts something odd at `path`.
fn put(what: &str, path: &Path) {
    match what {
        "fifo" => nix::unistd::mkfifo(path, Mode::S_IRWXU).unwrap(),
        "socket" => drop(UnixListener::bind(path).unwrap()),
        "folder" => std::fs::create_dir(path).unwrap(),
        "zero" => symlink("/dev/zero", path).unwrap(),
        _ => File::create(path).unwrap().set_len(1 << 40).unwrap(),
    }
}

fn remove(path: &Path) {
    std::fs::remove_file(path).or_else(|_| std::fs::remove_dir(path)).unwrap();
}

fn good_answers(daemon: &TestManager) {
    assert_eq!(daemon.ok("good echo hi"), "[\"hi\"]\n");
}

#[test]
fn mgrd_starts_with_any_folder_and_names_the_modules_that_cannot_run_and_why() {
    let mut setup = Setup::new().rogue("good", &[]);
    for (what, _) in ODD {
        let folder = setup.modules().join(what);
        std::fs::create_dir(&folder).unwrap();
        put(what, &folder.join("module.toml"));
        setup = setup.enable(what);
    }
    let daemon = setup.start();
    daemon.await_running("good");
    good_answers(&daemon);
    for (what, called) in ODD {
        let seen = daemon.await_state(what, "cannot_run");
        let expected = format!("{what}/module.toml {called}");
        assert!(seen["reason"].as_str().unwrap().contains(&expected), "{seen}");
    }
    daemon.run("mgr module enable absent").fails(2);
    good_answers(&daemon);
    assert!(process::peak(daemon.pid()) < 200 * MIB);
}

#[test]
fn a_module_without_its_manifest_does_not_run_until_it_is_repaired() {
    let daemon = Setup::new().rogue("good", &[]).rogue("bad", &[]).start();
    daemon.await_running("good");
    let (manifest, kept) = (daemon.modules().join("bad/module.toml"), daemon.folder().join("kept"));
    std::fs::copy(&manifest, &kept).unwrap();
    for (what, called) in ODD {
        let bad = daemon.await_running("bad");
        remove(&manifest);
        put(what, &manifest);
        process::signal(bad, Signal::SIGKILL);
        let seen = daemon.await_state("bad", "cannot_run");
        assert!(seen["reason"].as_str().unwrap().contains(called), "{seen}");
        good_answers(&daemon);
        let again = daemon.run("mgr module restart bad").stderr;
        assert!(again.contains("bad/module.toml") && again.contains(called), "{again}");
        remove(&manifest);
        std::fs::copy(&kept, &manifest).unwrap();
        daemon.ok("mgr module restart bad");
        daemon.await_running("bad");
    }
}

#[test]
fn large_files_in_the_folder_of_a_module_cost_nothing() {
    let setup = Setup::new().installed_rogue("large", &[]);
    File::create(setup.modules().join("large/data")).unwrap().set_len(1024 * MIB).unwrap();
    put("fifo", &setup.modules().join("large/fifo"));
    put("zero", &setup.modules().join("large/zero"));
    let daemon = setup.start();
    daemon.ok("mgr module enable large");
    daemon.await_running("large");
    assert!(process::peak(daemon.pid()) < 200 * MIB);
}
