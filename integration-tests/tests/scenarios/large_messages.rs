//! Messages of many megabytes: their memory comes back while the sessions that carried them go on.

use integration_tests::{Setup, TestManager, eventually, process};

const MIB: u64 = 1 << 20;

/// A module that is called, calls another one and answers commands, with texts of any length.
const TALKER: &str = "
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule

class Module(MgrModule):
    @CLIReadCommand('talker call')
    def call(self, mib: int) -> HandleCommandResult:
        'Call the other module with so much text, which it returns'
        text = 'x' * (mib << 20)
        return HandleCommandResult(0, str(self.remote('echo', 'same', text) == text), '')

    @CLIReadCommand('talker answer')
    def answer(self, mib: int) -> HandleCommandResult:
        'Answer with so much text'
        return HandleCommandResult(0, 'a' * (mib << 20), '')

    @CLIReadCommand('talker count')
    def count(self, inbuf: str) -> HandleCommandResult:
        'Count the characters of the input'
        return HandleCommandResult(0, str(len(inbuf)), '')
";

const ECHO: &str = "
from mgr_module import MgrModule

class Module(MgrModule):
    def same(self, text: str) -> str:
        return text
";

/// Waits until the manager uses about as much memory as before.
fn await_memory(daemon: &TestManager, before: u64) {
    eventually("the memory comes back", || {
        let more = process::resident(daemon.pid()).saturating_sub(before) / MIB;
        if more < 32 { Ok(()) } else { Err(format!("{more} MiB more than before")) }
    });
}

#[test]
fn the_memory_of_large_messages_comes_back_while_their_modules_run() {
    let setup = Setup::new().settings("[limits.module]\nping_interval = 0.1\n");
    let daemon = setup.python("talker", TALKER).python("echo", ECHO).start();
    let pids = ["talker", "echo"].map(|module| daemon.await_running(module));
    assert_eq!(daemon.ok("talker call 0"), "True\n");
    let before = process::resident(daemon.pid());
    assert_eq!(daemon.ok("talker call 40"), "True\n");
    await_memory(&daemon, before);
    assert_eq!(daemon.ok("talker answer 60").len(), (60 << 20) + 1);
    await_memory(&daemon, before);
    let input = vec![b'i'; 60 << 20];
    assert_eq!(daemon.ctl("talker count -i -").input(input).run().ok(), format!("{}\n", 60 << 20));
    await_memory(&daemon, before);
    assert_eq!(["talker", "echo"].map(|module| daemon.await_running(module)), pids);
}
