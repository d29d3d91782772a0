//! The messages and connections of one module are limited as an operator says, from the next one on.

use integration_tests::{Setup, TestManager, eventually};

/// A module that sends messages of any length, and opens connections.
const TALKER: &str = "
import os, socket
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule

PREFACE = b'PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\x04\\0\\0\\0\\0\\0'

class Module(MgrModule):
    @CLIReadCommand('talker answer')
    def answer(self, n: int) -> HandleCommandResult:
        'Answer with so many bytes'
        return HandleCommandResult(0, 'a' * n, '')

    @CLIReadCommand('talker keep')
    def keep(self, n: int) -> HandleCommandResult:
        'Keep so many bytes in the store'
        self.set_store('kept', 'k' * n)
        return HandleCommandResult(0, str(len(self.get_store('kept'))), '')

    @CLIReadCommand('talker ask')
    def ask(self, n: int) -> HandleCommandResult:
        'Call another module that answers with so many bytes'
        return HandleCommandResult(0, str(len(self.remote('echo', 'long', n))), '')

    @CLIReadCommand('talker connect')
    def connect(self, n: int) -> HandleCommandResult:
        'Open connections; say how many are served'
        opened = [socket.socket(socket.AF_UNIX) for _ in range(n)]
        for it in opened:
            it.connect(os.environ['MGRD_SOCKET'].replace('unix:', '').replace('//', ''))
            it.sendall(PREFACE)
        def served(it) -> bool:
            try:
                return it.recv(1) != b''
            except ConnectionResetError:
                return False
        count = sum(map(served, opened))
        for it in opened:
            it.close()
        return HandleCommandResult(0, str(count), '')
";

const ECHO: &str = "
from mgr_module import MgrModule

class Module(MgrModule):
    def long(self, n: int) -> str:
        return 'l' * n
";

fn talker(limits: &str) -> TestManager {
    let setup = Setup::new().file("talker", "module.toml", &format!("[limits]\n{limits}\n"));
    let daemon = setup.python("talker", TALKER).python("echo", ECHO).start();
    daemon.await_running("talker");
    daemon.await_running("echo");
    daemon
}

fn await_reached(daemon: &TestManager, module: &str, limit: &str) {
    let line = format!("module '{module}' has reached {limit}");
    eventually(&line, || {
        let health = daemon.ok("health detail");
        if health.contains(&line) { Ok(()) } else { Err(health) }
    });
}

#[test]
fn a_message_longer_than_its_module_may_send_ends_only_what_waits_for_it() {
    let daemon = talker("message_bytes = '128K'");
    let (talker, echo) = (daemon.await_running("talker"), daemon.await_running("echo"));
    let shown = &daemon.json("mgr module limit talker")["message_bytes"];
    assert_eq!((&shown["text"], &shown["origin"]), (&"128K".into(), &"module.toml".into()));
    assert_eq!(daemon.ok("talker answer 100000").len(), 100_001);
    daemon.ok("mgr module limit talker message_bytes=64K");
    daemon.ok("mgr module limit echo message_bytes=64K");
    for command in ["talker answer 100000", "talker keep 100000", "talker ask 100000"] {
        let answer = daemon.run(command);
        assert_ne!(answer.status, Some(0), "{command}");
        for part in ["at most 65536", "limits.module.message_bytes", "message_bytes=…"] {
            assert!(answer.stderr.contains(part), "{command}: {}", answer.stderr);
        }
    }
    let text = daemon.run("talker answer 100000").fails(27);
    assert!(text.contains("module 'talker' sent a message of 1000"), "{text}");
    for module in ["talker", "echo"] {
        await_reached(&daemon, module, "limits.module.message_bytes");
    }
    // What fits arrives, and both processes are still the same.
    assert_eq!(daemon.ok("talker answer 60000").len(), 60_001);
    daemon.ok("mgr module limit talker --reset");
    daemon.ok("mgr module limit echo message_bytes=default");
    for command in ["talker answer 100000", "talker keep 100000", "talker ask 100000"] {
        daemon.ok(command);
    }
    let now = (daemon.await_running("talker"), daemon.await_running("echo"));
    assert_eq!(now, (talker, echo));
}

#[test]
fn a_hello_longer_than_its_module_may_send_is_the_reason_why_the_module_does_not_start() {
    let options = "
    MODULE_OPTIONS = [{'name': f'option_{n}', 'desc': 'd' * 1000} for n in range(100)]
";
    let long = format!("{TALKER}{options}");
    let daemon = Setup::new().python("talker", &long).start();
    daemon.await_running("talker");
    daemon.ok("mgr module limit talker message_bytes=64K");
    daemon.ok("mgr module restart talker");
    let reason = eventually("a reason", || {
        let reason = daemon.module("talker")["reason"].to_string();
        if reason.contains("message_bytes") { Ok(reason) } else { Err(reason) }
    });
    assert!(reason.contains("at most 65536"), "{reason}");
    daemon.ok("mgr module limit talker --reset");
    daemon.ok("mgr module restart talker");
    daemon.await_running("talker");
}

#[test]
fn the_connections_of_one_module_are_limited_from_the_next_one_on() {
    let daemon = talker("connections = 3");
    let before = daemon.await_running("talker");
    let served = || daemon.ok("talker connect 6").trim().parse::<usize>().unwrap();
    assert!(served() < 3, "it has one already");
    await_reached(&daemon, "talker", "connections of 'mgr module limit'");
    daemon.await_log("closed a connection of module 'talker'");
    daemon.ok("mgr module limit talker connections=10");
    eventually("the connections that were closed are forgotten", || match served() {
        6 => Ok(()),
        fewer => Err(fewer),
    });
    let answer = daemon.run("mgr module limit talker connections=5000");
    assert!(answer.stderr.contains("all_module_connections"), "{}", answer.stderr);
    assert_eq!(daemon.await_running("talker"), before);
}
