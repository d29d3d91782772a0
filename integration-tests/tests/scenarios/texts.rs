//! Texts of any size: a long text of a module is cut, and the commands that show it still work.

use integration_tests::{Setup, TestManager, eventually, process};

/// A module whose `serve` fails with a text of many mebibytes.
fn failing(mib: u32) -> String {
    format!(
        "
from mgr_module import MgrModule
class Module(MgrModule):
    MODULE_OPTIONS = [{{'name': 'place', 'desc': 'd' * ({mib} << 20)}}]
    def serve(self):
        raise RuntimeError('\\x1b[31mtoo long ' + 'x' * ({mib} << 20))
"
    )
}

/// A module that says at length that it cannot run.
const CANNOT: &str = "
from mgr_module import MgrModule
class Module(MgrModule):
    @staticmethod
    def can_run():
        return False, 'not here ' + 'y' * 100_000
";

/// A module that sets its option to as many bytes as it is asked for.
const SETS: &str = "
from mgr_module import CLIWriteCommand, HandleCommandResult, MgrModule
class Module(MgrModule):
    MODULE_OPTIONS = [{'name': 'place'}]
    @CLIWriteCommand('sets place')
    def place(self, n: int) -> HandleCommandResult:
        'Set the option'
        try:
            self.set_module_option('place', 'z' * n)
        except Exception as error:
            return HandleCommandResult(-7, stderr=str(error))
        return HandleCommandResult()
";

/// Everything that shows texts of modules answers, in lines that a terminal can show.
fn shows(daemon: &TestManager, format: &str) -> String {
    let commands = ["mgr module ls", "config dump", "config show mgr.x", "health detail", "status"];
    let all = commands.map(|command| daemon.ok(&format!("{command}{format}"))).concat();
    assert!(!all.contains('\x1b'));
    all
}

#[test]
fn large_texts_break_no_table_and_are_not_stored() {
    let setup = Setup::new().python("short", &failing(1)).python("long", &failing(30));
    let daemon = setup.python("cannot", CANNOT).python("sets", SETS).start();
    daemon.await_running("sets");
    let before = process::resident(daemon.pid());
    daemon.await_state("cannot", "cannot_run");
    for name in ["short", "long"] {
        let seen = daemon.await_state(name, "degraded");
        let reason = seen["reason"].as_str().unwrap();
        assert!(
            reason.starts_with("RuntimeError: too long xxx") && reason.ends_with("xx…"),
            "{reason}"
        );
        assert!(reason.len() < 5000, "{} bytes", reason.len());
    }
    daemon.ok("sets place 60000");
    for format in ["", " -f json", " -f yaml"] {
        let all = shows(&daemon, format);
        for text in ["too long xxx", "not here yyy", "zzz"] {
            assert!(all.contains(text), "{text:?} is not there{format}");
        }
    }
    // A session keeps the memory of its largest message; without sessions none is left.
    daemon.ok("mgr module disable short");
    daemon.ok("mgr module disable long");
    eventually("the memory is given back", || {
        let after = process::resident(daemon.pid());
        if after < before + (32 << 20) { Ok(()) } else { Err(format!("{before}, then {after}")) }
    });
}

#[test]
fn an_option_that_is_too_large_is_refused_and_the_old_value_stays() {
    let daemon = Setup::new().python("sets", SETS).start();
    daemon.await_running("sets");
    daemon.ok("sets place 5");
    for bytes in ["65537", "31457280"] {
        let refused = daemon.run(&format!("sets place {bytes}")).fails(7);
        let text = format!("the value of option 'mgr/sets/place' has {bytes} bytes, at most 65536");
        assert!(refused.contains(&text), "{refused}");
    }
    let set = daemon.ctl("config set mgr mgr/sets/place").word("z".repeat(70_000));
    let refused = set.run().fails(27);
    assert!(refused.contains("has 70000 bytes, at most 65536 are allowed"), "{refused}");
    let file = format!("[mgr]\nmgr/sets/place = {}\n", "z".repeat(70_000));
    let refused = daemon.ctl("config assimilate-conf -i -").input(file).run().fails(27);
    assert!(refused.contains("has 70000 bytes, at most 65536 are allowed"), "{refused}");
    assert_eq!(daemon.ok("config get mgr mgr/sets/place"), "zzzzz\n");
}

#[test]
fn the_reason_why_a_program_cannot_be_run_has_no_control_characters() {
    let exec = "[module]\nexec = [\"hel\\u0000lo\", \"\\u001b[31m\"]\n";
    let daemon = Setup::new().file("nul", "module.toml", exec).start();
    let answer = daemon.run("mgr module enable nul");
    let shown = answer.text() + &answer.stderr + &daemon.ok("mgr module ls");
    assert!(shown.contains("hel\\u{0}lo"), "{shown}");
    assert!(!shown.contains(['\0', '\x1b']), "{shown}");
    let listed = daemon.module("nul").to_string();
    assert!(!listed.contains("\\u0000") && !listed.contains("\\u001b"), "{listed}");
}

#[test]
fn declarations_beyond_the_limit_are_left_out() {
    let many = "
from mgr_module import MgrModule
class Module(MgrModule):
    MODULE_OPTIONS = [{'name': f'option{n}'} for n in range(30_000)]
";
    let daemon = Setup::new().python("many", many).start();
    daemon.await_running("many");
    let log = daemon.await_log("limits.module.declaration_bytes");
    assert!(log.contains("many"), "{log}");
    let listed = daemon.ok("config ls");
    let options = listed.lines().filter(|name| name.starts_with("mgr/many/option")).count();
    assert!((1000..20_000).contains(&options), "{options}");
}
