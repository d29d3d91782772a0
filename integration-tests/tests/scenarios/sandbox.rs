//! Modules with a view of the files of their own. These tests need root, and fail without it.

use std::path::Path;

use integration_tests::{SHELL, Setup, TestManager};
use nix::unistd::Uid;

/// A user without an account.
const UNNAMED: u32 = 64001;

fn setup(settings: &str) -> Setup {
    assert!(
        Uid::effective().is_root(),
        "this test tries what root can do in a sandbox: run it as root, or leave it out with \
         `--skip sandbox`"
    );
    Setup::new().run_by_python_for_all().settings(settings).python("m", SHELL)
}

/// The output of a script that the module runs.
fn run(daemon: &TestManager, script: &str) -> String {
    let answer = daemon.ctl("sh").word(script).run();
    (answer.text() + &answer.stderr).trim().to_owned()
}

/// Tries a script that must succeed.
fn can(daemon: &TestManager, script: &str) {
    let output = run(daemon, &format!("{script} && echo it succeeds"));
    assert!(output.contains("it succeeds"), "{script}: {output}");
}

/// Tries a script that must fail.
fn cannot(daemon: &TestManager, script: &str) {
    let output = run(daemon, &format!("{script} && echo it succeeds"));
    assert!(!output.contains("it succeeds"), "{script}: {output}");
}

fn tries_to_write_elsewhere(daemon: &TestManager) {
    let folder = daemon.folder().display();
    let module = daemon.modules().join("m");
    for place in ["", "/etc", "/usr", "/var/tmp", "/tmp", "/run", "/root"] {
        cannot(daemon, &format!("touch {place}/mgrd-test"));
    }
    cannot(daemon, &format!("touch {}/x", module.display()));
    cannot(daemon, &format!("touch {folder}/x"));
    cannot(daemon, &format!("touch {folder}/data/x"));
    cannot(daemon, &format!("rm -f {folder}/mgrd.x.log"));
    can(daemon, "touch $MGRD_MODULE_DATA/x $(mktemp) && echo x > /dev/null && ls /proc/self/fd");
    assert!(daemon.folder().join("data/modules/m/x").exists());
}

fn tries_to_leave(daemon: &TestManager) {
    for script in [
        "mount -o remount,rw /",
        "mount -o remount,bind,rw /",
        "mount -t tmpfs none $MGRD_MODULE_DATA",
        &format!("nsenter -t {} -m true", daemon.pid()),
        &format!("ls /proc/{}/root/", daemon.pid()),
        "unshare -Urm sh -c 'mount -o remount,bind,rw / && touch /mgrd-test'",
        "unshare -Urm sh -c 'umount -l /tmp && touch /mgrd-test'",
        "mknod $MGRD_MODULE_DATA/disk b 254 0",
    ] {
        cannot(daemon, script);
    }
    assert!(!Path::new("/mgrd-test").exists());
}

#[test]
fn private_folders_for_temporary_files_are_empty_limited_and_gone_with_the_module() {
    let settings = "sandbox = ['private_tmp']\n[limits.module]\nprivate_tmp_bytes = 1048576\n";
    let daemon = setup(settings).start();
    daemon.await_running("m");
    let entry = daemon.folder().file_name().unwrap().to_string_lossy().into_owned();
    // Only what it needs is there: the folder of mgrd, which holds its own, too.
    assert_eq!(run(&daemon, "ls -A /tmp /var/tmp"), format!("/tmp:\n{entry}\n\n/var/tmp:"));
    can(&daemon, "echo x > /tmp/own-file && echo x > /var/tmp/own-file && test $TMPDIR = /tmp");
    assert!(!Path::new("/tmp/own-file").exists() && !Path::new("/var/tmp/own-file").exists());
    cannot(&daemon, "dd if=/dev/zero of=/tmp/large bs=1M count=2");
    let before = daemon.await_running("m");
    daemon.ok("mgr module restart m");
    daemon.await_restart("m", before);
    cannot(&daemon, "ls /tmp/own-file");
    assert_eq!(daemon.module("m")["sandbox"][0], "private_tmp");
}

#[test]
fn a_module_that_runs_as_root_writes_only_in_its_own_folder_and_cannot_change_that() {
    let daemon = setup("sandbox = ['read_only']\n").start();
    daemon.await_running("m");
    tries_to_write_elsewhere(&daemon);
    tries_to_leave(&daemon);
}

#[test]
fn a_module_of_another_user_can_have_a_sandbox_too() {
    let settings = format!("run_as = '{UNNAMED}'\nsandbox = ['private_tmp', 'read_only']\n");
    let daemon = setup(&settings).rogue("rust", &[]).start();
    daemon.await_running("m");
    daemon.await_running("rust");
    assert_eq!(run(&daemon, "id -u"), UNNAMED.to_string());
    can(&daemon, "touch $HOME/x $(mktemp) /tmp/x");
    for path in ["/mgrd-test", "/dev/shm/../../mgrd-test", "$MGRD_MODULE_DIR/x"] {
        cannot(&daemon, &format!("touch {path}"));
    }
    tries_to_leave(&daemon);
    daemon.ok("mgr module stacks rust");
}

#[test]
fn a_manager_without_root_makes_a_sandbox_in_a_user_namespace() {
    let daemon = setup("sandbox = ['read_only']\n").as_user(UNNAMED).start();
    daemon.await_running("m");
    assert_eq!(run(&daemon, "id -u; id -g"), format!("{UNNAMED}\n{UNNAMED}"));
    tries_to_write_elsewhere(&daemon);
    tries_to_leave(&daemon);
    let status = run(&daemon, "cat /proc/self/status");
    assert!(status.contains("CapEff:\t0000000000000000"), "{status}");
    // Its tree is measured, shown and ended as ever.
    daemon.ok("mgr module stacks m");
    let before = daemon.await_running("m");
    daemon.ok("mgr module restart m");
    daemon.await_restart("m", before);
}

#[test]
fn a_sandbox_that_cannot_be_had_is_not_left_out() {
    let settings = "[modules.m]\nsandbox = ['private_tmp']\n";
    let setup = setup(settings).rogue("plain", &[]);
    let daemon = setup.through(&["setpriv", "--bounding-set=-sys_admin"]).start();
    daemon.await_running("plain");
    let row = daemon.await_state("m", "cannot_run");
    let reason = row["reason"].as_str().unwrap();
    assert!(reason.contains("cannot get a mount namespace"), "{reason}");
    assert!(reason.contains("remove sandbox from the settings"), "{reason}");
}

#[test]
fn a_module_that_is_started_by_hand_has_no_sandbox() {
    let daemon = setup("sandbox = ['private_tmp', 'read_only']\n").start();
    daemon.await_running("m");
    let line = daemon.ok("mgr module debug m");
    daemon.await_state("m", "debugging");
    let mut by_hand = std::process::Command::new("sh");
    if let Some(libraries) = integration_tests::places::python_for_all().1 {
        by_hand.env("PYTHONPATH", libraries);
    }
    let mut by_hand = by_hand.args(["-c", &format!("exec env {line}")]).spawn().unwrap();
    let marker = daemon.folder().join("marker");
    integration_tests::eventually("it writes", || {
        let output = run(&daemon, &format!("touch {}", marker.display()));
        if marker.exists() { Ok(()) } else { Err(output) }
    });
    integration_tests::process::signal(by_hand.id(), nix::sys::signal::Signal::SIGKILL);
    by_hand.wait().unwrap();
    daemon.ok("mgr module debug m --end");
}
