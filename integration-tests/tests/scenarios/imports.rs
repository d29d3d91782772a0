//! The imports of Python modules, whatever the names of files and folders are.

use integration_tests::Setup;

const WRONG: &str = "raise ImportError('the wrong file is imported')\n";
const LIBRARIES: [&str; 7] = ["email", "functools", "logging", "queue", "secrets", "types", "yaml"];

const ASKED: &str = "
import email, functools, logging, multiprocessing, queue, secrets, smtplib, sys, types
from mgr_module import CLIReadCommand, HandleCommandResult, MgrModule
from other.module import VALUE

def work(connection):
    connection.send(VALUE)

class Module(MgrModule):
    @CLIReadCommand('asked path')
    def path(self) -> HandleCommandResult:
        'Print the search path'
        return HandleCommandResult(stdout='\\n'.join(sys.path))

    @CLIReadCommand('asked help')
    def help(self) -> HandleCommandResult:
        'Let a helper process answer'
        context = multiprocessing.get_context('spawn')
        ours, theirs = context.Pipe()
        helper = context.Process(target=work, args=(theirs,))
        helper.start()
        theirs.close()
        answer = ours.recv()
        helper.join()
        return HandleCommandResult(stdout=str(answer))
";

/// The module that is asked, and another one that it imports.
fn asked() -> Setup {
    Setup::new().python("asked", ASKED).installed_python("other", "VALUE = 5\n")
}

#[test]
fn files_in_the_folder_of_a_module_hide_no_library() {
    let setup = LIBRARIES
        .iter()
        .fold(asked(), |setup, library| setup.file("asked", &format!("{library}.py"), WRONG));
    let daemon = setup.start();
    daemon.await_running("asked");
    let path = daemon.ok("asked path");
    let folder = daemon.modules().canonicalize().unwrap();
    assert_eq!(path.lines().last(), folder.to_str(), "{path}");
    assert!(!path.contains(folder.join("asked").to_str().unwrap()), "{path}");
    assert_eq!(daemon.ok("asked help"), "5\n");
}

#[test]
fn the_folder_of_a_disabled_module_hides_no_library_from_others() {
    let names = LIBRARIES.iter().chain(&["google", "grpc", "mgr_module", "mgrd", "object_format"]);
    let setup = names.fold(asked(), |setup, name| {
        setup.installed_python(name, WRONG).file(name, "__init__.py", WRONG)
    });
    let daemon = setup.start();
    daemon.await_running("asked");
    assert_eq!(daemon.ok("asked help"), "5\n");
}
