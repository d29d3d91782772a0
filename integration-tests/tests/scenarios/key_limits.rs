//! Keys and options have limits on each way to them: calls of a module, commands of a client, and commands
//! that a module sends.

use integration_tests::{Setup, eventually};

/// A module that writes options and keys on each way that it has.
const WRITER: &str = "
from mgr_module import CLIWriteCommand, HandleCommandResult, MgrModule, Option

class Module(MgrModule):
    MODULE_OPTIONS = [Option(name) for name in ('a', 'b', 'c')]

    @CLIWriteCommand('writer option')
    def option(self, name: str, n: int) -> HandleCommandResult:
        'Set an option of its own to a value of so many bytes'
        try:
            self.set_module_option(name, 'o' * n)
        except Exception as why:
            return HandleCommandResult(-28, '', str(why))
        return HandleCommandResult(0, str(len(self.get_module_option(name))), '')

    @CLIWriteCommand('writer send')
    def send(self, key: str, n: int) -> HandleCommandResult:
        'Send the command that sets a key to a value of so many bytes'
        return HandleCommandResult(*self.mon_command({'prefix': 'config-key set', 'key': key, 'val': 's' * n}))

    @CLIWriteCommand('writer remove')
    def remove(self, key: str) -> HandleCommandResult:
        'Send the command that removes a key'
        return HandleCommandResult(*self.mon_command({'prefix': 'config-key rm', 'key': key}))
";

const SETTINGS: &str = "
[limits.options]
module_bytes = 3000
bytes = 6000
[limits.store]
bytes = 20000
keys = 40
";

#[test]
fn options_and_keys_are_limited_on_each_way_to_them() {
    let daemon = Setup::new().python("writer", WRITER).rogue("quiet", &[]).settings(SETTINGS);
    let daemon = daemon.start();
    let before = (daemon.await_running("writer"), daemon.await_running("quiet"));
    let refused = |command: &str, limit: &str| {
        let text = daemon.run(command).fails(28);
        assert!(text.contains("was not s") && text.contains(limit), "{command}: {text}");
    };
    let value = |bytes: usize| "v".repeat(bytes);
    // The options of one module: with its own call, with the command for options, with that for keys.
    let of_module = "limits.options.module_bytes";
    assert_eq!(daemon.ok("writer option a 2000").trim(), "2000");
    refused("writer option b 2000", of_module);
    refused(&format!("config set mgr mgr/writer/b {}", value(2000)), of_module);
    refused(&format!("config-key set config/mgr/mgr/writer/b {}", value(2000)), of_module);
    refused(&format!("config-key put config/mgr/mgr/writer/b {}", value(2000)), of_module);
    refused("writer send config/mgr/mgr/writer/b 2000", of_module);
    // All options.
    daemon.ok("writer send config/mgr/mgr/other/a 2000");
    refused("writer send config/global/any 2000", "limits.options.bytes");
    refused("writer send config/any 2000", "limits.options.bytes");
    refused("writer send config/mgr/mgr/other/b 2000", "limits.options.");
    // All other keys, and apart from those the keys of modules that do not exist.
    daemon.ok("writer send loose 10000");
    refused("writer send loose2 10000", "limits.store.bytes");
    daemon.ok("writer send mgr/none/key 10000");
    refused("writer send mgr/none/key2 10000", "limits.store.bytes");
    refused(&format!("config-key set loose2 {}", value(10000)), "limits.store.bytes");
    daemon.ok("config-key rm loose");
    let mut keys = (0..40).map(|n| daemon.run(&format!("writer send mgr/none{n}/key 1")));
    let text = keys.find(|answer| answer.status != Some(0)).unwrap().fails(28);
    assert!(text.contains("limits.store.keys") && text.contains("7/8 of 40"), "{text}");
    // What modules leave is for clients.
    daemon.ok("config-key set mgr/another/key 1");
    // Health names who asks for too much.
    eventually("the limits in health", || {
        let health = daemon.ok("health detail");
        let names = [of_module, "limits.options.bytes", "limits.store.bytes", "limits.store.keys"];
        assert!(!health.contains("module 'other'"), "{health}");
        let line = health.lines().find(|line| line.contains("module 'writer' has reached"));
        match line.is_some_and(|line| names.iter().all(|name| line.contains(name))) {
            true => Ok(()),
            false => Err(health),
        }
    });
    // The store of a module, and what becomes smaller, are not affected.
    daemon.ok("config-key set mgr/writer/key value");
    daemon.ok("writer option a 10");
    daemon.ok("writer option b 2000");
    assert_eq!((daemon.await_running("writer"), daemon.await_running("quiet")), before);
}

#[test]
fn the_keys_of_mgrd_are_refused_to_modules_and_clients() {
    let daemon = Setup::new().python("writer", WRITER).start();
    daemon.await_running("writer");
    daemon.ok("mgr module limit writer store_keys=7");
    let limits = "mgrd/module_limits/writer";
    let before = daemon.ok(&format!("config-key get {limits}"));
    for command in [
        format!("writer send {limits} 1"),
        format!("writer remove {limits}"),
        format!("config-key set {limits} {{}}"),
        format!("config-key put {limits} {{}}"),
        format!("config-key rm {limits}"),
        format!("config-key del {limits}"),
    ] {
        let text = daemon.run(&command).fails(13);
        assert!(text.contains("mgrctl mgr module limit"), "{command}: {text}");
    }
    assert_eq!(daemon.ok(&format!("config-key get {limits}")), before);
    for key in ["mgrd/enabled_modules", "config-history/18446744073709551615"] {
        daemon.run(&format!("writer send {key} 1")).fails(13);
    }
    daemon.ok("config set mgr debug_mgr 3");
}
