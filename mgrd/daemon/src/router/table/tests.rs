use std::sync::Arc;

use mgrd_command::Outcome;

use super::*;
use crate::builtin::Builtin;
use crate::module::{Declaration, DeclaredCommand};

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
    let commands = commands.iter().map(command).collect();
    let declaration = Declaration { commands, ..Declaration::default() };
    Declared {
        module: name.to_owned(),
        enabled,
        declaration: Some(Arc::new(declaration)),
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
    let (table, complaints) = build(&builtins, &modules(true));
    assert_eq!(complaints.len(), 3, "{complaints:?}");
    assert_eq!(owner(&table, "progress").as_deref(), Some("progress"));
    assert_eq!(owner(&table, "config ls").as_deref(), Some("mgr"));
    assert_eq!(owner(&table, "evil go").as_deref(), Some("evil"));
    assert_eq!(owner(&table, "bad"), None);
    let (table, complaints) = build(&builtins, &modules(false));
    assert_eq!(owner(&table, "progress").as_deref(), Some("mgr"));
    assert!(!complaints.iter().any(|why| why.contains("'progress' of module 'progress'")));
}
