//! What runs in a module when an operator ends it by hand gets an error that says so, and not one of a module
//! that is at fault.

use integration_tests::{Running, Setup, TestManager, eventually};

/// A module whose command waits, and which asks another one to wait.
const SLEEPER: &str = "
import time
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule

class Module(MgrModule):
    @CLIReadCommand('NAME sleep')
    def sleep(self) -> HandleCommandResult:
        'Sleep'
        self.log.warning('NAME sleeps')
        time.sleep(1000)
        return HandleCommandResult(0, '', '')

    @CLIReadCommand('NAME ask')
    def ask(self, other: str) -> HandleCommandResult:
        'Ask another module to sleep'
        try:
            self.remote(other, 'sleep')
        except Exception as why:
            return HandleCommandResult(0, str(why), '')
        return HandleCommandResult(0, 'slept', '')
";

/// Modules that end at once when they are asked, that do it late, and that have to be killed.
fn start() -> TestManager {
    let module = |name: &str| SLEEPER.replace("NAME", name);
    let setup =
        Setup::new().python("sleeper", &module("sleeper")).python("other", &module("other"));
    let settings = "[limits.module]\nshutdown_grace = 0.3\nterm_grace = 0.3\n";
    let setup = setup.rogue("rust", &[]).rogue("deaf", &["deaf"]).settings(settings);
    let daemon = setup.start();
    for module in ["sleeper", "other", "rust", "deaf"] {
        daemon.await_running(module);
    }
    daemon
}

/// A command that has begun in its module.
fn begun(daemon: &TestManager, module: &str, line: &str) -> Running {
    let before = in_flight(daemon, module);
    let running = daemon.ctl(line).spawn();
    eventually(&format!("'{line}' in {module}"), || {
        let now = in_flight(daemon, module);
        if now > before { Ok(()) } else { Err(now) }
    });
    running
}

fn in_flight(daemon: &TestManager, module: &str) -> u64 {
    daemon.module(module)["in_flight"].as_u64().unwrap_or_default()
}

#[test]
fn a_command_that_is_under_way_when_its_module_is_restarted_or_disabled_says_so() {
    let daemon = start();
    let cases = [
        ("sleeper", "sleeper sleep"),
        ("rust", "rust misbehave hang"),
        ("deaf", "deaf misbehave hang"),
    ];
    for (asked, why) in [
        ("restart", "an operator restarted it"),
        ("debug", "an operator began to debug it"),
        ("disable", "an operator disabled it"),
    ] {
        for (module, line) in cases {
            daemon.await_running(module);
            let running = begun(&daemon, module, line);
            let remote = (module == "sleeper").then(|| begun(&daemon, module, "other ask sleeper"));
            daemon.ok(&format!("mgr module {asked} {module}"));
            let text = running.end().fails(4);
            let said = format!("Module '{module}' ended while it ran");
            for part in [&*said, why, "may have had an effect", "before you repeat it"] {
                assert!(text.contains(part), "{asked} {line}: {text}");
            }
            if let Some(remote) = remote {
                let text = remote.end().ok();
                assert!(text.contains(why) && text.contains("'sleeper' ended"), "{asked}: {text}");
            }
            if asked == "debug" {
                daemon.ok(&format!("mgr module debug {module} --end"));
            }
        }
    }
    assert!(daemon.ok("crash ls").is_empty());
    for module in ["sleeper", "rust", "deaf"] {
        daemon.ok(&format!("mgr module enable {module}"));
        daemon.await_running(module);
    }
}
