//! What runs until Ctrl-C continues at the next manager: `mgrctl -w`, and commands that poll.

use integration_tests::{Ctl, Running, Setup, TestManager, eventually};
use nix::sys::signal::Signal;

use crate::half::two;

const TICK: &str = r#"
from mgr_module import MgrModule

class Module(MgrModule):
    COMMANDS = [{"cmd": "tick", "desc": "name the manager", "perm": "r", "poll": "true"}]

    def handle_command(self, inbuf, cmd):
        return 0, f"tick at {self.get_mgr_id()}", ""
"#;

/// A client that watches already.
fn watching(daemon: &TestManager, line: &str) -> Running {
    let client = daemon.ctl(line).spawn();
    eventually("it watches", || {
        daemon.ok("log it is watched");
        if client.has_output("it is watched") { Ok(()) } else { Err("nothing yet") }
    });
    client
}

fn times(shown: &str, text: &str) -> usize {
    shown.matches(text).count()
}

#[test]
fn a_watch_continues_at_the_next_manager_and_shows_each_entry_once() {
    let (daemon, _y) = two(Setup::new().rogue("rust", &[]));
    daemon.await_running("rust");
    let client = watching(&daemon, "-w");
    // It is not running while the managers change, so what comes meanwhile is old when it connects again.
    client.signal(Signal::SIGSTOP);
    daemon.ok("log end of x");
    daemon.ok("mgr fail");
    daemon.ok("log first of y");
    daemon.await_running("rust");
    client.signal(Signal::SIGCONT);
    client.await_error("watching manager 'y' now");
    daemon.ok("log second of y");
    client.await_output("second of y");
    // And back.
    daemon.await_standbys(&["x"]);
    daemon.ok("mgr fail");
    daemon.ok("log again of x");
    client.await_error("watching manager 'x' now");
    client.await_output("again of x");
    client.signal(Signal::SIGINT);
    let ended = client.end();
    let errors = ended.stderr.clone();
    let shown = ended.ok();
    for entry in ["end of x", "first of y", "second of y", "again of x"] {
        assert_eq!(times(&shown, entry), 1, "{entry}: {shown}");
    }
    // The events of the next manager, too.
    assert!(times(&shown, "module rust: running") >= 1, "{shown}");
    assert_eq!(times(&errors, "connecting again for up to 300 s"), 2, "{errors}");
}

#[test]
fn a_watch_waits_for_a_manager_that_is_restarted_but_not_for_ever() {
    let mut daemon = Setup::new().start();
    let client = watching(&daemon, "-w");
    daemon.kill();
    client.await_error("connecting again");
    daemon.restart();
    client.await_error("watching manager 'x' now");
    daemon.ok("log it is back");
    client.await_output("it is back");
    client.signal(Signal::SIGINT);
    client.end().ok();
    let client = watching(&daemon, "-W cluster --connect-timeout 1");
    daemon.kill();
    assert!(client.end().fails(69).contains("no manager answered again"));
}

#[test]
fn a_command_that_polls_continues_at_the_next_manager() {
    let mut daemon = Setup::new().python("tick", TICK).start();
    daemon.await_running("tick");
    let client = Ctl::new(&daemon.socket(), "tick -p 0.05").spawn();
    client.await_output("tick at x");
    daemon.kill();
    client.await_error("connecting again");
    let _y = daemon.start_manager("y");
    client.await_output("tick at y");
    client.await_error("connected again");
    client.signal(Signal::SIGINT);
    let _ = client.end();
}
