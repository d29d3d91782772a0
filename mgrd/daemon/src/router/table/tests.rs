use std::sync::Arc;

use mgrd_command::Outcome;

use super::*;
use crate::builtin::Builtin;
use crate::module::{Commands, DeclaredCommand, Limits};

const PROGRESS: Builtin<()> = Builtin {
    cmd: "progress",
    help: "ours",
    perm: "r",
    run: |(), _| Box::pin(async { Outcome::default() }),
};
const CONFIG: Builtin<()> = Builtin { cmd: "config ls", ..PROGRESS };

fn declared(name: &str, enabled: bool, commands: &[&str]) -> Declared {
    let command = |cmd: &&str| DeclaredCommand {
        cmd: (*cmd).to_owned(),
        perm: "r".to_owned(),
        ..DeclaredCommand::default()
    };
    let commands: Vec<_> = commands.iter().map(command).collect();
    Declared {
        module: name.to_owned(),
        enabled,
        declaration: None,
        commands: Arc::new(Commands::read(name, &commands, &Limits::default().session)),
        error: None,
    }
}

fn owner(table: &CommandTable, prefix: &str) -> Option<String> {
    table.owner(prefix).map(str::to_owned)
}

#[test]
fn an_enabled_module_takes_over_its_own_name_but_never_what_is_ours() {
    let builtins = Builtins::default().add(&Arc::new(()), [&PROGRESS, &CONFIG]).unwrap();
    let modules = |enabled| {
        [
            declared("config", enabled, &["config ls"]),
            declared("evil", enabled, &["progress", "evil go", "bad name=x,type=Nonsense"]),
            declared("progress", enabled, &["progress"]),
        ]
    };
    let (table, conflicts) = build(&builtins, &modules(true));
    let all: Vec<_> = conflicts.keys().map(String::as_str).collect();
    assert_eq!(all, ["config", "evil"], "{conflicts:?}");
    assert_eq!(owner(&table, "progress").as_deref(), Some("progress"));
    assert_eq!(owner(&table, "config ls").as_deref(), Some("mgr"));
    assert_eq!(owner(&table, "evil go").as_deref(), Some("evil"));
    assert_eq!(owner(&table, "bad"), None);
    let (table, conflicts) = build(&builtins, &modules(false));
    assert_eq!(owner(&table, "progress").as_deref(), Some("mgr"));
    assert!(!conflicts.contains_key("progress"), "{conflicts:?}");
}

#[test]
fn the_table_has_the_commands_as_they_were_read_and_reads_none_again() {
    let names =
        |module: usize| (0..100).map(move |n| format!("m{module} go{n} name=a,type=CephInt"));
    let module = |module: usize| {
        let commands: Vec<String> = names(module).collect();
        let commands: Vec<&str> = commands.iter().map(String::as_str).collect();
        declared(&format!("m{module}"), module.is_multiple_of(2), &commands)
    };
    let modules: Vec<Declared> = (0..10).map(module).collect();
    let (table, conflicts) = build(&Builtins::default(), &modules);
    assert!(conflicts.is_empty(), "{conflicts:?}");
    assert_eq!(table.iter().count(), 1000);
    for spec in modules.iter().flat_map(|module| module.commands.iter()) {
        let [found] = table.overloads(&spec.prefix()) else { panic!("no {}", spec.prefix()) };
        assert!(Arc::ptr_eq(found, spec), "{} was read again", spec.prefix());
    }
}
