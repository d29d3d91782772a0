//! Descriptors: `mgrd` may have all that the system permits, modules get what they expect, and neither
//! modules nor clients can take those of the others.

use integration_tests::{Setup, eventually};

const LIMITS: &str = "
import resource
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule

class Module(MgrModule):
    @CLIReadCommand('limits')
    def limits(self) -> HandleCommandResult:
        'The limits of open files'
        return HandleCommandResult(stdout=repr(resource.getrlimit(resource.RLIMIT_NOFILE)))
";

#[test]
fn the_soft_limit_is_raised_for_mgrd_and_not_for_modules() {
    let setup = Setup::new().python("own", LIMITS).open_files(300, 5000);
    let daemon = setup.start();
    daemon.await_running("own");
    assert_eq!(daemon.ok("limits"), "(300, 5000)\n");
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", daemon.pid())).unwrap();
    let line = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let fields: Vec<_> = line.split_whitespace().collect();
    assert_eq!(fields[3..5], ["5000", "5000"]);
    assert!(!daemon.log().contains("open files"));
}

#[test]
fn with_few_descriptors_clients_and_modules_keep_room_and_the_log_says_so() {
    let setup = Setup::new().rogue("m", &[]).open_files(200, 200);
    let daemon = setup.start();
    let pid = daemon.await_running("m");
    daemon.await_log("mgrd may have only 200 open files");
    // One process takes as many connections as it can.
    let connect = |_| std::os::unix::net::UnixStream::connect(daemon.socket()).unwrap();
    let flood: Vec<_> = (0..150).map(connect).collect();
    assert_eq!(daemon.ok("m echo x"), "[\"x\"]\n");
    // A module can start meanwhile.
    integration_tests::process::signal(pid, nix::sys::signal::Signal::SIGKILL);
    daemon.await_restart("m", pid);
    drop(flood);
    eventually("the connections are closed", || {
        let open = std::fs::read_dir(format!("/proc/{}/fd", daemon.pid())).unwrap().count();
        if open < 60 { Ok(()) } else { Err(open) }
    });
}
