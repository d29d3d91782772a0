//! Modules that run as other users. These tests need root, and fail without it.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use integration_tests::{SHELL, Setup, TestManager, process};
use nix::sys::signal::Signal;
use nix::unistd::Uid;

/// A user that has no account.
const UNNAMED: u32 = 64001;
const OTHER: u32 = 64002;

/// Two modules in Python, `one` and `two`, that run shell scripts as different users.
fn two_users() -> Setup {
    let settings = format!("run_as = '{UNNAMED}'\n[modules.two]\nrun_as = '{OTHER}:{OTHER}'\n");
    as_root().settings(&settings).python("one", &shell("one")).python("two", &shell("two"))
}

/// A setup for tests that need root.
fn as_root() -> Setup {
    assert!(
        Uid::effective().is_root(),
        "only root can run modules as other users: run this test as root, or leave it out with \
         `-E 'not test(run_as)'`"
    );
    Setup::new().run_by_python_for_all()
}

/// A module with the command `sh NAME`.
fn shell(name: &str) -> String {
    SHELL.replacen("'sh'", &format!("'sh {name}'"), 1)
}

/// The output of a script that a module runs.
fn run(daemon: &TestManager, module: &str, script: &str) -> String {
    let answer = daemon.ctl(&format!("sh {module}")).word(script).run();
    answer.text() + &answer.stderr
}

/// What a script prints that a module runs and that must succeed.
fn output(daemon: &TestManager, module: &str, script: &str) -> String {
    daemon.ctl(&format!("sh {module}")).word(script).run().ok().trim().to_owned()
}

fn data_folder(daemon: &TestManager, module: &str) -> PathBuf {
    daemon.folder().join("data/modules").join(module)
}

#[test]
fn a_module_runs_as_its_user_with_folders_of_its_own() {
    let daemon = two_users().start();
    for (module, uid) in [("one", UNNAMED), ("two", OTHER)] {
        daemon.await_running(module);
        assert_eq!(output(&daemon, module, "id -u; id -g; id -G"), format!("{uid}\n{uid}\n{uid}"));
        let folder = data_folder(&daemon, module);
        let found = std::fs::metadata(&folder).unwrap();
        assert_eq!((found.uid(), found.permissions().mode() & 0o777), (uid, 0o700));
        let environment =
            output(&daemon, module, "echo $HOME $TMPDIR $USER $LOGNAME $MGRD_MODULE_DATA");
        let folder = folder.display();
        assert_eq!(environment, format!("{folder} {folder}/tmp {uid} {uid} {folder}"));
        let script = "touch $HOME/a $(mktemp) && cd && pwd && stat -c %a $TMPDIR";
        assert_eq!(output(&daemon, module, script), format!("{folder}\n700"));
        let status = output(&daemon, module, "cat /proc/self/status");
        for line in ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"] {
            assert!(status.contains(&format!("{line}:\t0000000000000000")), "{status}");
        }
        assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    }
    assert_eq!(daemon.module("two")["run_as"], format!("{OTHER}:{OTHER}"));
    let table = daemon.ok("mgr module ls");
    assert!(table.contains("USER") && table.contains(&UNNAMED.to_string()), "{table}");
}

#[test]
fn a_user_can_have_a_name_and_a_module_can_be_a_program() {
    let settings = "[modules.m]\nrun_as = 'nobody'\n";
    let daemon = as_root().settings(settings).rogue("m", &[]).rogue("plain", &[]).start();
    let pid = daemon.await_running("m");
    let plain = daemon.await_running("plain");
    let uid = |pid: u32| std::fs::metadata(format!("/proc/{pid}")).unwrap().uid();
    let nobody = nix::unistd::User::from_name("nobody").unwrap().unwrap();
    assert_eq!((uid(pid), uid(plain)), (nobody.uid.as_raw(), 0));
    assert!(daemon.module("plain")["run_as"].is_null());
    assert!(!data_folder(&daemon, "plain").exists());
    // What it starts belongs to its tree, and ends with it.
    let child: u32 = daemon.ok("m misbehave fork 1").trim().parse().unwrap();
    assert_eq!(uid(child), nobody.uid.as_raw());
    daemon.ok("mgr module disable m");
    process::await_end(child);
}

#[test]
fn a_hostile_module_reaches_nothing_of_mgrd_and_of_modules_of_other_users() {
    let daemon = two_users().rogue("plain", &[]).start();
    let ([one, two], mgrd) = (["one", "two"].map(|name| daemon.await_running(name)), daemon.pid());
    daemon.ok("config-key set secret treasure");
    std::fs::write(data_folder(&daemon, "two").join("file"), "treasure").unwrap();
    let (data, two_data) = (daemon.folder().join("data"), data_folder(&daemon, "two"));
    let (data, two_data) = (data.display(), two_data.display());
    let (socket, log) = (daemon.socket(), daemon.folder().join("mgrd.x.log"));
    let (socket, log) = (socket.display(), log.display());
    let mgrctl = integration_tests::places::binary("mgrctl");
    let mgrctl = mgrctl.display();
    let module_folder = daemon.modules().join("two");
    let module_folder = module_folder.display();
    let connect = format!(
        "/usr/bin/python3 -c \"import socket; socket.socket(socket.AF_UNIX).connect('{socket}')\""
    );
    let attacks = [
        format!("ls {data}"),
        format!("cat {data}/*"),
        format!("ls {data}/modules"),
        format!("ls {data}/processes"),
        format!("cat {two_data}/file"),
        format!("touch {two_data}/x"),
        format!("ls {two_data}"),
        format!("touch {module_folder}/x"),
        format!("echo x >> {log}"),
        format!("cat /proc/{two}/environ"),
        format!("cat /proc/{mgrd}/environ"),
        format!("ls /proc/{two}/fd"),
        format!("ls /proc/{mgrd}/fd"),
        format!("dd if=/proc/{mgrd}/mem bs=1 count=1"),
        format!("kill -9 {mgrd}"),
        format!("kill -9 {two}"),
        format!("kill -STOP {two}"),
        format!("kill -USR2 {two}"),
        connect,
        format!("{mgrctl} --socket {socket} status"),
        "mount -t tmpfs none $HOME".to_owned(),
        format!("renice -n -19 -p {mgrd}"),
        format!("prlimit --pid {two} --nofile=10"),
        "ulimit -Hn 1048577".to_owned(),
        format!(
            "/usr/bin/python3 -c \"import ctypes; exit(ctypes.CDLL(None).ptrace(16, {two}, 0, 0) == -1)\""
        ),
        format!(
            "/usr/bin/python3 -c \"import ctypes; exit(ctypes.CDLL(None).ptrace(16, {mgrd}, 0, 0) == -1)\""
        ),
        "/usr/bin/python3 -c 'import os; os.setuid(0)'".to_owned(),
        "/usr/bin/python3 -c 'import os; os.setgroups([0])'".to_owned(),
    ];
    for attack in attacks {
        let tried = run(&daemon, "one", &format!("{attack} && echo it succeeds"));
        assert!(!tried.contains("it succeeds"), "{attack}: {tried}");
    }
    // A program with the setuid bit gains nothing.
    let setuid = daemon.modules().join("one/idle");
    std::fs::copy("/usr/bin/id", &setuid).unwrap();
    std::fs::set_permissions(&setuid, PermissionsExt::from_mode(0o4755)).unwrap();
    assert_eq!(output(&daemon, "one", &format!("{} -u", setuid.display())), UNNAMED.to_string());
    assert_eq!(["one", "two"].map(|name| daemon.await_running(name)), [one, two]);
    assert_eq!(daemon.ok("config-key get secret").trim(), "treasure");
}

#[test]
fn a_module_socket_is_for_the_users_of_modules_alone() {
    let daemon = two_users().start();
    daemon.await_running("one");
    let connect = format!(
        "import socket; socket.socket(socket.AF_UNIX).connect('{}')",
        daemon.module_socket().display()
    );
    let connects = |uid: u32| {
        let mut python = Command::new("/usr/bin/python3");
        python.args(["-c", &connect]).uid(uid).gid(uid).stderr(Stdio::null());
        python.status().unwrap().success()
    };
    assert!(connects(UNNAMED) && !connects(64003));
    // Without its secret, a process of that user is nothing.
    let mgrctl = integration_tests::places::binary("mgrctl");
    let line = format!("{} --socket {} status", mgrctl.display(), daemon.module_socket().display());
    let refused = run(&daemon, "one", &line);
    assert!(refused.contains("module processes may not use this service"), "{refused}");
}

#[test]
fn mgrctl_of_another_user_fails_at_once() {
    let daemon = two_users().start();
    daemon.await_running("one");
    let mut mgrctl = Command::new(integration_tests::places::binary("mgrctl"));
    // If it waited, it would wait longer than a test may take.
    mgrctl.args(["--connect-timeout", "86400", "--socket"]).arg(daemon.socket()).arg("status");
    let answer = mgrctl.uid(UNNAMED).gid(UNNAMED).output().unwrap();
    let said = String::from_utf8_lossy(&answer.stderr);
    assert_eq!(answer.status.code(), Some(77), "{said}");
    assert!(said.contains("only root and the user that runs mgrd can"), "{said}");
}

#[test]
fn a_module_whose_user_does_not_exist_cannot_run_and_says_why() {
    let settings = "run_as = 'no-such-user'\n[modules.group]\nrun_as = '64001:no-such-group'\n";
    let setup = as_root().settings(settings).rogue("m", &[]).rogue("group", &[]);
    let daemon = setup.installed_rogue("idle", &[]).start();
    for (module, part) in [("m", "no user 'no-such-user'"), ("group", "no group 'no-such-group'")] {
        let row = daemon.await_state(module, "cannot_run");
        assert!(row["reason"].as_str().unwrap().contains(part), "{row}");
    }
    let health = daemon.ok("health detail");
    assert!(health.contains("MGR_MODULE_DEPENDENCY") && health.contains("create it"), "{health}");
    let refused = daemon.run("mgr module enable idle");
    assert!(refused.stderr.contains("no-such-user"), "{}", refused.stderr);
}

#[test]
fn a_manager_without_root_runs_no_module_as_another_user() {
    let settings =
        format!("[modules.m]\nrun_as = '{OTHER}'\n[modules.own]\nrun_as = '{UNNAMED}'\n");
    let setup = as_root().settings(&settings).rogue("m", &[]).rogue("own", &[]);
    let daemon = setup.as_user(UNNAMED).start();
    let row = daemon.await_state("m", "cannot_run");
    assert!(
        row["reason"].as_str().unwrap().contains("only root can run modules as another user"),
        "{row}"
    );
    // Its own user needs no change.
    daemon.await_running("own");
}

#[test]
fn a_folder_that_the_user_cannot_reach_or_that_is_not_its_own_is_named() {
    let daemon = two_users().start();
    daemon.await_running("one");
    daemon.ok("mgr module disable one");
    let folder = data_folder(&daemon, "one");
    std::os::unix::fs::chown(&folder, Some(OTHER), None).unwrap();
    std::fs::write(folder.join("file"), "").unwrap();
    let enabled = daemon.run("mgr module enable one");
    assert!(enabled.stderr.contains("chown -hR 64001:64001"), "{}", enabled.stderr);
    std::os::unix::fs::chown(&folder, Some(UNNAMED), None).unwrap();
    std::fs::set_permissions(daemon.modules().join("one"), PermissionsExt::from_mode(0o700))
        .unwrap();
    let restarted = daemon.run("mgr module restart one");
    let reason = daemon.await_state("one", "cannot_run")["reason"].as_str().unwrap().to_owned();
    assert!(
        reason.contains("user '64001' (run_as) cannot read the folder"),
        "{reason} {}",
        restarted.stderr
    );
    std::fs::set_permissions(daemon.modules().join("one"), PermissionsExt::from_mode(0o755))
        .unwrap();
    daemon.ok("mgr module restart one");
    daemon.await_running("one");
}

#[test]
fn a_data_directory_that_another_user_could_change_is_refused() {
    let daemon = two_users().start();
    daemon.await_running("one");
    let data = daemon.folder().join("data");
    let refused = |part: &str| {
        let _ = daemon.run("mgr module restart one");
        let reason = daemon.await_state("one", "cannot_run")["reason"].as_str().unwrap().to_owned();
        assert!(reason.contains(part), "{reason}");
    };
    for file in ["", "modules", "lock"] {
        std::os::unix::fs::chown(data.join(file), Some(UNNAMED), None).unwrap();
        refused("chown");
        std::os::unix::fs::chown(data.join(file), Some(0), None).unwrap();
    }
    std::fs::set_permissions(&data, PermissionsExt::from_mode(0o777)).unwrap();
    refused("chmod go-w");
    std::fs::set_permissions(&data, PermissionsExt::from_mode(0o700)).unwrap();
    daemon.ok("mgr module restart one");
    daemon.await_running("one");
}

#[test]
fn a_module_that_runs_as_root_again_does_not_use_what_another_user_wrote() {
    let daemon = as_root().rogue("m", &[]).start();
    daemon.await_running("m");
    let folder = data_folder(&daemon, "m");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::chown(&folder, Some(UNNAMED), None).unwrap();
    let _ = daemon.run("mgr module restart m");
    let row = daemon.await_state("m", "cannot_run");
    assert!(row["reason"].as_str().unwrap().contains("belongs to user 64001"), "{row}");
    let debugged = daemon.run("mgr module debug m");
    assert!(debugged.stderr.contains("belongs to user 64001"), "{}", debugged.stderr);
    std::fs::remove_dir(&folder).unwrap();
    daemon.ok("mgr module restart m");
    daemon.await_running("m");
}

#[test]
fn settings_of_a_module_that_does_not_exist_are_a_warning() {
    let settings = format!("[modules.misspelled]\nrun_as = '{UNNAMED}'\n");
    let daemon = as_root().settings(&settings).rogue("m", &[]).start();
    daemon.await_running("m");
    integration_tests::eventually("health names it", || {
        let health = daemon.ok("health detail");
        let named = health.contains("MGR_SETTING_UNUSED") && health.contains("misspelled");
        if named { Ok(()) } else { Err(health) }
    });
    daemon.await_log("modules without a run_as of their own run as root");
}

#[test]
fn a_manager_without_the_right_to_end_processes_of_others_runs_none() {
    let settings = format!("run_as = '{UNNAMED}'\n");
    let without = ["setpriv", "--bounding-set", "-kill", "--inh-caps", "-kill"];
    let daemon = as_root().settings(&settings).rogue("m", &[]).through(&without).start();
    let row = daemon.await_state("m", "cannot_run");
    assert!(row["reason"].as_str().unwrap().contains("CAP_KILL"), "{row}");
}

#[test]
fn a_module_that_another_user_can_write_does_not_run_as_root() {
    let settings = format!("[modules.other]\nrun_as = '{UNNAMED}'\n");
    let daemon = as_root().settings(&settings).rogue("m", &[]).start();
    daemon.await_running("m");
    let manifest = daemon.modules().join("m/module.toml");
    for owner in [UNNAMED, 0] {
        std::os::unix::fs::chown(&manifest, Some(owner), None).unwrap();
        let _ = daemon.run("mgr module restart m");
        if owner == 0 {
            daemon.await_running("m");
        } else {
            let row = daemon.await_state("m", "cannot_run");
            assert!(row["reason"].as_str().unwrap().contains("it would run as root"), "{row}");
        }
    }
}

#[test]
fn many_modules_that_start_together_are_all_let_in() {
    let users: String =
        (0..12).map(|n| format!("[modules.m{n}]\nrun_as = '{}'\n", 64100 + n)).collect();
    let names: Vec<_> = (0..12).map(|n| format!("m{n}")).collect();
    let setup = names.iter().fold(as_root().settings(&users), |setup, name| setup.rogue(name, &[]));
    let daemon = setup.start();
    for name in names {
        daemon.await_running(&name);
    }
}

#[test]
fn the_stacks_of_a_module_of_another_user_are_shown() {
    let held = format!("{}\nimport ctypes\n", shell("one")).replace(
        "        'Run a script'\n",
        "        'Run a script'\n        if script == 'hold': ctypes.PyDLL(None).sleep(1000)\n",
    );
    let settings = format!("run_as = '{UNNAMED}'\n[limits.module]\nstacks_timeout = 0.5\n");
    let daemon = as_root().settings(&settings).python("one", &held).start();
    daemon.await_running("one");
    assert!(daemon.ok("mgr module stacks one").contains("the module showed its stacks"));
    let _held = daemon.ctl("sh one").word("hold").spawn();
    integration_tests::eventually("the handler answers", || {
        let stacks = daemon.ok("mgr module stacks one");
        if stacks.contains("a signal handler") { Ok(()) } else { Err(stacks) }
    });
}

#[test]
fn a_module_of_another_user_ends_with_mgrd_and_what_it_left_ends_with_the_next_one() {
    let mut daemon = two_users().start();
    let before = daemon.await_running("one");
    let left = "setsid sleep 1000 > /dev/null 2>&1 & echo $!";
    let left: u32 = output(&daemon, "one", left).parse().unwrap();
    daemon.kill();
    process::await_end(before);
    daemon.restart();
    daemon.await_running("one");
    assert!(!process::alive(left));
}

#[test]
fn a_module_of_another_user_is_kept_to_its_limits() {
    let daemon = two_users().start();
    let before = daemon.await_running("one");
    daemon.ok("mgr module limit one memory=120M");
    let take = "/usr/bin/python3 -c 'import time; x = b\"x\" * (200 << 20); time.sleep(1000)'";
    let _taking = daemon.ctl("sh one").word(take).spawn();
    daemon.await_restart("one", before);
    let crashes = daemon.ok("crash ls");
    assert!(crashes.contains("one"), "{crashes}");
}

#[test]
fn a_module_that_is_started_by_hand_runs_as_its_user() {
    let daemon = as_root().settings(&format!("run_as = '{UNNAMED}'\n")).rogue("m", &[]).start();
    daemon.await_running("m");
    let line = daemon.ok("mgr module debug m");
    daemon.await_state("m", "debugging");
    assert!(line.contains(&format!("setpriv --reuid={UNNAMED} --regid={UNNAMED} ")), "{line}");
    let mut by_hand = Command::new("sh").args(["-c", &format!("exec env {line}")]).spawn().unwrap();
    integration_tests::eventually("it answers", || {
        let answer = daemon.run("m misbehave fork 1");
        if answer.status == Some(0) { Ok(()) } else { Err(answer.stderr) }
    });
    let uid = std::fs::metadata(format!("/proc/{}", by_hand.id())).unwrap().uid();
    assert_eq!(uid, UNNAMED);
    process::signal(by_hand.id(), Signal::SIGKILL);
    by_hand.wait().unwrap();
    daemon.ok("mgr module debug m --end");
    daemon.await_running("m");
}
