//! Creating and installing a module: what is wrong with a declaration is said with its place.

use integration_tests::Setup;

const HEAD: &str = "from typing import Dict\nfrom mgr_module import CLICommand, MgrModule\n";

#[test]
fn a_wrong_declaration_is_refused_with_the_place_of_the_mistake() {
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
            "bothways",
            "    COMMANDS = [{'cmd': 'bothways do', 'desc': '', 'perm': 'r'}]\n\
             \u{20}   @CLICommand('bothways do')\n    def do(self): pass\n",
            "bothways/module.py:3: Module: the command 'bothways do' is declared twice",
        ),
        (
            "nameless",
            "    MODULE_OPTIONS = [{'desc': 'x'}]\n",
            "nameless/module.py:3: Module: {'desc': 'x'} is no dict with 'name'",
        ),
        (
            "untyped",
            "    MODULE_OPTIONS = [{'name': 'a', 'type': 'int', 'default': 'many'}]\n",
            "untyped/module.py:3: Module: option 'a': its default 'many' is no int",
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
fn a_command_that_is_left_out_is_said_where_modules_are_listed_and_enabled() {
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

#[test]
fn what_is_enabled_and_does_not_run_says_what_comes_next() {
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
