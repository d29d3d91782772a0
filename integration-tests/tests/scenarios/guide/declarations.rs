//! Creating and installing a module: an error in a declaration is named with its file and line.

use integration_tests::Setup;

const HEAD: &str = "from typing import Dict\nfrom mgr_module import CLICommand, MgrModule\n";

#[test]
fn an_invalid_declaration_is_refused_with_its_file_and_line() {
    let mistakes = [
        (
            "naked",
            "    @CLICommand('naked do')\n    def do(self, what): pass\n",
            "naked/module.py:4: Module.do: parameter 'what' has no type annotation",
        ),
        (
            "strange",
            "    @CLICommand('strange do')\n    def do(self, what: Dict[str, str]): pass\n",
            "strange/module.py:4: Module.do: parameter 'what': typing.Dict[str, str] cannot be the type",
        ),
        (
            "twice",
            "    @CLICommand('twice do')\n    def do(self): pass\n\
             \u{20}   @CLICommand('twice do')\n    def redo(self): pass\n",
            "twice/module.py:6: Module.redo: the command 'twice do' is declared twice; first at ",
        ),
        (
            "nameless",
            "    MODULE_OPTIONS = [{'desc': 'x'}]\n",
            "nameless/module.py:3: Module: {'desc': 'x'} is not a dict with 'name'",
        ),
        (
            "untyped",
            "    MODULE_OPTIONS = [{'name': 'a', 'type': 'int', 'default': 'many'}]\n",
            "untyped/module.py:3: Module: option 'a': its default 'many' is not of type int",
        ),
        (
            "narrow",
            "    MODULE_OPTIONS = [{'name': 'a', 'type': 'int', 'min': 5, 'max': 1}]\n",
            "narrow/module.py:3: Module: option 'a': its min 5 is above its max 1",
        ),
    ];
    let setup = mistakes.iter().fold(Setup::new(), |setup, (name, body, _)| {
        setup.installed_python(name, &format!("{HEAD}class Module(MgrModule):\n{body}"))
    });
    let daemon = setup.installed_python("classless", "x = 1\n").start();
    for (name, _, why) in mistakes {
        let said = daemon.run(&format!("mgr module enable {name}")).fails(2);
        assert!(said.contains(why), "{said}");
        assert!(daemon.ok("mgr module ls").contains(why), "{name}");
    }
    let classless = daemon.run("mgr module enable classless").fails(2);
    assert!(classless.contains("no class derived from MgrModule"), "{classless}");
}

#[test]
fn module_ls_and_enable_name_a_command_that_is_left_out() {
    let text = format!(
        "{HEAD}class Module(MgrModule):\n    COMMANDS = [\n\
         {{'cmd': 'partly bad name=a,type=CephNonsense', 'desc': 'd', 'perm': 'r'}},\n\
         {{'cmd': 'partly good', 'desc': 'd', 'perm': 'r'}}]\n\
         \u{20}   def handle_command(self, inbuf, cmd):\n        return 0, 'here', ''\n"
    );
    let daemon = Setup::new().installed_python("partly", &text).start();
    let enabled = daemon.run("mgr module enable partly");
    assert_eq!(enabled.status, Some(0));
    assert!(enabled.stderr.contains("partly bad"), "{}", enabled.stderr);
    assert!(enabled.stderr.contains("unknown type 'CephNonsense'"), "{}", enabled.stderr);
    assert_eq!(daemon.ok("partly good"), "here\n");
    let shown = daemon.ok("mgr module ls");
    assert!(shown.contains("left out: ") && shown.contains("CephNonsense"), "{shown}");
    assert!(daemon.module("partly")["left_out"][0].to_string().contains("CephNonsense"));
}

/// Declares one prefix several times: the same command twice, overloads of it, and one that is
/// never chosen.
const OVERLOADS: &str = "
from mgr_module import CLICommand, MgrModule

def declared(arguments):
    return {'cmd': f'over set {arguments}', 'desc': 'Set it', 'perm': 'w'}

class Module(MgrModule):
    COMMANDS = [
        declared('name=id,type=CephInt name=value,type=CephString,req=false'),
        declared('name=id,type=CephInt name=value,type=CephString,req=false'),
        declared('name=id,type=CephInt'),
        declared('name=who,type=CephChoices,strings=all|none'),
        {'cmd': 'over get', 'desc': 'Get it', 'perm': 'r'},
    ]

    @CLICommand('over get', perm='r')
    def get(self):
        return 0, 'got', ''

    def handle_command(self, inbuf, cmd):
        return 0, str({key: cmd[key] for key in ('id', 'who', 'value') if key in cmd}), ''
";

#[test]
fn of_several_signatures_of_a_prefix_the_first_that_fits_is_chosen() {
    let daemon = Setup::new().python("over", OVERLOADS).start();
    daemon.await_running("over");
    for (words, got) in [
        ("over set 5", "{'id': 5}"),
        ("over set 5 x", "{'id': 5, 'value': 'x'}"),
        ("over set all", "{'who': 'all'}"),
        ("over set --who none", "{'who': 'none'}"),
        ("over get", "got"),
    ] {
        assert_eq!(daemon.ok(words).trim_end(), got, "{words}");
    }
    let wrong = daemon.run("over set some").fails(22);
    assert!(wrong.contains("some doesn't represent an int"), "{wrong}");
    let help = daemon.ok("-h over");
    for (usage, times) in [("over set <id:int>", 1), ("over set all|none", 1), ("over get", 1)] {
        assert_eq!(help.matches(usage).count(), times, "{usage} in {help}");
    }
    let offered = daemon.ctl("--completion over set").word("").run().ok();
    assert_eq!(offered, "all\nnone\n");
}

#[test]
fn a_signature_that_is_never_chosen_is_left_out_and_named_with_its_line() {
    let daemon = Setup::new().installed_python("over", OVERLOADS).start();
    let enabled = daemon.run("mgr module enable over");
    assert_eq!(enabled.status, Some(0));
    let flaw = "over/module.py:7: command 'over set <id:int>' is never chosen, because \
                'over set <id:int> [<value>]' is declared before it and fits the same arguments";
    assert!(enabled.stderr.contains(flaw), "{}", enabled.stderr);
    assert_eq!(enabled.stderr.matches("left out").count(), 1, "{}", enabled.stderr);
    assert!(daemon.module("over")["left_out"][0].to_string().contains(flaw));
    daemon.await_running("over");
    assert_eq!(daemon.ok("over set 5 x"), "{'id': 5, 'value': 'x'}\n");
}

#[test]
fn a_command_of_two_modules_is_answered_by_the_first_and_the_log_says_where_the_other_is() {
    let answering = |who: &str| {
        format!(
            "{HEAD}class Module(MgrModule):\n    @CLICommand('shared do')\n    \
             def do(self): return 0, '{who}', ''\n    @CLICommand('{who} do')\n    \
             def own(self): return 0, '{who}', ''\n"
        )
    };
    let setup = Setup::new().python("one", &answering("one")).python("two", &answering("two"));
    let daemon = setup.start();
    daemon.await_running("one");
    daemon.await_running("two");
    assert_eq!(daemon.ok("shared do"), "one\n");
    assert_eq!(daemon.ok("two do"), "two\n");
    let said = "two/module.py:4: command 'shared do' is a command of module 'one'; rename it";
    daemon.await_log(said);
    let left_out = daemon.module("two")["left_out"].to_string();
    assert!(left_out.contains(said), "{left_out}");
    let shown = daemon.ok("mgr module ls");
    assert!(shown.contains("left out: ") && shown.contains(said), "{shown}");
}

#[test]
fn a_command_that_mgrd_has_is_left_out_and_named_with_the_line_of_its_handler() {
    let text = format!(
        "{HEAD}class Module(MgrModule):\n    COMMANDS = [\n        {{'cmd': 'health',\n\
         'desc': 'd', 'perm': 'r'}}]\n\n    @CLICommand('osd df', perm='r')\n    \
         def df(self): return 0, '', ''\n"
    );
    let daemon = Setup::new().installed_python("taken", &text).start();
    daemon.ok("mgr module enable taken");
    daemon.await_running("taken");
    let flaws = [
        "taken/module.py:5: command 'health' is a command of mgrd; rename it",
        "taken/module.py:8: command 'osd df' is a command of mgrd; rename it",
    ];
    for flaw in flaws {
        daemon.await_log(flaw);
        assert!(daemon.ok("mgr module ls").contains(flaw), "{}", daemon.ok("mgr module ls"));
    }
    assert_eq!(daemon.module("taken")["left_out"].as_array().map(Vec::len), Some(2));
}

#[test]
fn an_enabled_module_that_does_not_run_says_what_happens_next() {
    let text = "from mgr_module import CLICommand, MgrModule\nclass Module(MgrModule):\n    \
                def __init__(self, *args):\n        raise OSError('no disk')\n    \
                @CLICommand('unlucky do')\n    def do(self): pass\n";
    let daemon = Setup::new().installed_python("unlucky", text).start();
    let enabled = daemon.run("mgr module enable unlucky").stderr;
    let next = "with `mgrctl mgr module restart unlucky`";
    assert!(enabled.contains("does not run: ") && enabled.contains(next), "{enabled}");
    let broken = daemon.run("unlucky do").fails(5);
    assert!(broken.contains("cannot handle commands: ") && broken.contains(next), "{broken}");
    let absent = daemon.run("mgr module enable absent --force");
    assert_eq!(absent.status, Some(0));
    assert!(absent.stderr.contains("no folder of the module path has it"), "{}", absent.stderr);
}
