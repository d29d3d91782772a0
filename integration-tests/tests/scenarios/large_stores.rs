//! Large stores: a module gets all that it stored at its next start, and a write beyond a limit is
//! refused.

use integration_tests::{Setup, TestManager, process};
use nix::sys::signal::Signal;

/// More than the 80 MiB that an SDK takes in one message.
const VALUES: usize = 22;
const BYTES: usize = 4 << 20;

const HOARD: &str = "
from mgr_module import CLIReadCommand, CLIWriteCommand, HandleCommandResult, MgrModule, MgrStandbyModule

def large(n, size):
    return str(n % 10) * size

class Module(MgrModule):
    @CLIWriteCommand('hoard fill')
    def fill(self, values: int, size: int) -> HandleCommandResult:
        'Store so many large values'
        for n in range(values):
            self.set_store(str(n), large(n, size))
        return HandleCommandResult()

    @CLIReadCommand('hoard whole')
    def whole(self, size: int) -> HandleCommandResult:
        'Say how many large values are stored whole'
        stored = self.get_store_prefix('')
        whole = sum(stored[key] == large(int(key), size) for key in stored)
        return HandleCommandResult(stdout=str(whole))

    @CLIWriteCommand('hoard set')
    def set(self, key: str, size: int) -> HandleCommandResult:
        'Store one value and say what the host says'
        try:
            self.set_store(key, 'x' * size)
        except Exception as error:
            return HandleCommandResult(stderr=str(error))
        return HandleCommandResult(stderr='stored')

class Standby(MgrStandbyModule):
    def serve(self) -> None:
        self.log.info('the last value has %d bytes', len(self.get_store('LAST', '')))
";

fn answers(daemon: &TestManager) {
    assert_eq!(daemon.ok("good echo hi"), "[\"hi\"]\n");
    assert_eq!(daemon.ok(&format!("hoard whole {BYTES}")), format!("{VALUES}\n"));
    assert_eq!(daemon.ok(&format!("guide hoarded {BYTES}")), format!("{VALUES}\n"));
}

#[test]
fn a_store_larger_than_a_message_arrives_after_every_restart_and_on_a_standby() {
    let hoard = HOARD.replace("LAST", &(VALUES - 1).to_string());
    let setup = Setup::new().python("hoard", &hoard).rogue("good", &[]);
    let mut daemon = setup.installed_binary("guide", "guide", &[]).enable("guide").start();
    daemon.await_running("hoard");
    daemon.await_running("guide");
    daemon.ok(&format!("hoard fill {VALUES} {BYTES}"));
    daemon.ok(&format!("guide hoard {VALUES} {BYTES}"));
    for module in ["hoard", "guide"] {
        let before = daemon.await_running(module);
        process::signal(before, Signal::SIGKILL);
        daemon.await_restart(module, before);
    }
    answers(&daemon);
    daemon.kill();
    daemon.restart();
    answers(&daemon);
    for module in ["hoard", "guide", "good"] {
        assert_eq!(daemon.module(module)["restarts"], 0, "{module}");
    }
    let peer = daemon.start_manager("y");
    peer.await_log(&format!("the last value has {BYTES} bytes"));
}

#[test]
fn a_write_beyond_a_limit_of_the_store_is_refused_and_the_old_value_stays() {
    let settings = "[limits.module]\nstore_bytes = 1000\nstore_keys = 3\nstore_value_bytes = 500\n";
    let daemon = Setup::new().python("hoard", HOARD).settings(settings).start();
    daemon.await_running("hoard");
    let set = |key: &str, bytes: usize| daemon.run(&format!("hoard set {key} {bytes}")).stderr;
    assert_eq!(set("a", 500).trim(), "stored");
    for (key, bytes, part) in
        [("a", 501, "store_value_bytes"), ("b", 500, "store_bytes"), ("b", 484, "store_bytes")]
    {
        let refused = set(key, bytes);
        assert!(refused.contains(part) && refused.contains("module 'hoard'"), "{refused}");
    }
    let outside = |key: &str, bytes: usize| {
        let line = format!("config-key set mgr/hoard/{key} -i -");
        daemon.ctl(&line).input(vec![b'y'; bytes]).run()
    };
    assert!(outside("a", 501).fails(27).contains("store_value_bytes"));
    assert!(outside("b", 484).fails(28).contains("store_bytes"));
    outside("b", 10).ok();
    assert_eq!(set("c", 10).trim(), "stored");
    assert!(set("d", 1).contains("store_keys"));
    assert!(outside("d", 1).fails(28).contains("store_keys"));
    let stored = daemon.ok("config-key dump mgr/hoard/");
    assert!(stored.contains(&"x".repeat(500)) && !stored.contains("mgr/hoard/d"), "{stored}");
    daemon.ok("config-key rm mgr/hoard/b");
    assert_eq!(set("d", 1).trim(), "stored");
}

#[test]
fn a_module_that_cannot_receive_parts_is_refused_if_its_store_is_too_large() {
    let setup = Setup::new().python("hoard", HOARD);
    let modules = setup.modules();
    let mut daemon = setup.start();
    daemon.await_running("hoard");
    daemon.ok(&format!("hoard fill {VALUES} {BYTES}"));
    daemon.kill();
    // A module with an older SDK takes the place of the one that filled the store.
    let exec = "[module]\nexec = [\"${MGRD_BIN_DIR}/rogue\"]\n";
    std::fs::write(modules.join("hoard/module.toml"), exec).unwrap();
    daemon.restart();
    let seen = daemon.await_state("hoard", "cannot_run");
    let reason = seen["reason"].as_str().unwrap();
    for part in ["the store of module 'hoard'", "snapshot-parts", "config-key rm"] {
        assert!(reason.contains(part), "{reason}");
    }
    for n in 0..VALUES / 2 {
        daemon.ok(&format!("config-key rm mgr/hoard/{n}"));
    }
    daemon.ok("mgr module restart hoard");
    daemon.await_running("hoard");
    assert_eq!(daemon.ok("hoard echo hi"), "[\"hi\"]\n");
}
