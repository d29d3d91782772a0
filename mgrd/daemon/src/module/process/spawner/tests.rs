//! What a process begins with, and what becomes of one that does not run its program.

use super::*;

const LONG: Duration = Duration::from_secs(60);

fn launch(script: &str) -> Launch {
    Launch {
        module: "m".into(),
        exec: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
        cwd: "/".into(),
        env: Vec::new(),
        limits: ProcessLimits::default(),
        is_python: false,
        login: None,
        for_root: Vec::new(),
        sandbox: Sandbox::default(),
        data: "/no/such/folder".into(),
    }
}

#[test]
fn an_error_between_fork_and_exec_is_reported() {
    let none = PathBuf::from("/no/such/folder");
    let missing = [
        Launch { exec: vec!["/no/such/program".into()], ..launch("") },
        Launch { exec: vec!["no-such-program".into()], ..launch("") },
        Launch { cwd: none, ..launch("exit 0") },
    ];
    for launch in missing {
        let Err(Fault::System(error)) = spawn(&launch, LONG) else { panic!("it did not fail") };
        assert_eq!(error.raw_os_error(), Some(libc::ENOENT), "{launch:?}");
    }
}

#[test]
fn a_program_is_found_in_its_own_path_and_gets_only_its_own_environment() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("/bin/sh", dir.path().join("own-shell")).unwrap();
    let path = dir.path().to_string_lossy().into_owned();
    let script = "set -- $A ${HOME-none} ${MGRD_SECRET_FILE%/*}; test \"$*\" = '2 none /dev/fd'";
    let env = [("PATH", &*path), ("A", "1"), ("A", "2")];
    let launch = Launch {
        exec: ["own-shell", "-c", script].map(str::to_owned).to_vec(),
        env: env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(),
        ..launch("")
    };
    let mut spawned = spawn(&launch, LONG).unwrap().unwrap();
    assert_eq!(spawned.child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_process_has_no_descriptors_but_its_own() {
    let _other = pipe2(OFlag::empty()).unwrap();
    let mut spawned = spawn(&launch("exit $(ls /dev/fd/ | wc -l)"), LONG).unwrap().unwrap();
    // Three, its secret, the channel for its stacks, and the folder that is listed.
    assert_eq!(spawned.child.wait().unwrap().code(), Some(6));
}

#[test]
fn a_process_has_a_session_keyring_of_its_own() {
    // Both print the number of their session keyring, or that there are none.
    let script = "import ctypes; print(ctypes.CDLL(None).syscall(SYSTEM_CALL, 0, -3, 1))";
    let script = script.replace("SYSTEM_CALL", &libc::SYS_keyctl.to_string());
    let own = Command::new("python3").args(["-c", &script]).output().unwrap().stdout;
    let command = format!("exec \"$0\" -c \"{script}\"");
    let env = vec![("PATH".to_owned(), std::env::var("PATH").unwrap())];
    let exec = ["/bin/sh", "-c", &command, "python3"].map(str::to_owned).to_vec();
    let spawned = spawn(&Launch { exec, env, ..launch("") }, LONG).unwrap();
    let mut child = spawned.unwrap().child;
    let theirs = std::io::read_to_string(child.stdout.take().unwrap()).unwrap();
    child.wait().unwrap();
    let own = String::from_utf8(own).unwrap();
    assert!(own != theirs || own.trim() == "-1", "{own}");
    assert!(theirs.trim().parse::<i64>().is_ok(), "{theirs}");
}

#[test]
fn a_child_that_reports_nothing_is_silent() {
    let (outcome, report) = pipe2(OFlag::O_CLOEXEC).unwrap();
    assert!(matches!(start(&outcome, Duration::ZERO), Start::Silent));
    nix::unistd::write(&report, &libc::EACCES.to_ne_bytes()).unwrap();
    let Start::Failed(error, None) = start(&outcome, LONG) else { panic!("it did not fail") };
    assert_eq!(error.raw_os_error(), Some(libc::EACCES));
    let step = [libc::EPERM.to_ne_bytes(), 3_u32.to_ne_bytes()].concat();
    nix::unistd::write(&report, &step).unwrap();
    let Start::Failed(error, Some(2)) = start(&outcome, LONG) else { panic!("it did not fail") };
    assert_eq!(error.raw_os_error(), Some(libc::EPERM));
    drop(report);
    assert!(matches!(start(&outcome, LONG), Start::Runs));
}

#[tokio::test]
async fn a_process_that_cannot_be_watched_is_ended_and_reaped() {
    use crate::module::process::Process;
    let mut spawned = spawn(&launch("exec sleep 1000"), LONG).unwrap().unwrap();
    let path = format!("/proc/{}", spawned.child.id());
    // A device cannot be watched.
    spawned.pidfd = std::fs::File::open("/dev/null").unwrap().into();
    Process::new(spawned, "m", ProcessLimits::default(), &Arc::default()).unwrap_err();
    crate::module::tests::harness::eventually("its end", || {
        (!std::path::Path::new(&path).exists()).then_some(())
    })
    .await;
}
