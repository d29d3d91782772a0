//! One table of all commands: built-ins, and those of every module there is.

use std::collections::HashSet;

use mgrd_command::{CommandSpec, CommandTable};

use super::builtins::{Builtins, MODULE};
use crate::module::{Declared, LeftOut, register_command};

/// Built-in commands that no module can take over, by their first word.
const OURS: [&str; 8] =
    ["config", "config-key", "feed", "health", "log", "mgr", "status", "version"];

/// The table: an enabled module takes over built-ins that begin with its own name (so that
/// `progress` of a module `progress` is the module's), then come the built-ins, then the modules
/// in the order of their names. The first one to claim words has them, with all its overloads.
///
/// Beside it, why commands were left out.
pub(super) fn build(builtins: &Builtins, modules: &[Declared]) -> (CommandTable, HashSet<String>) {
    let mut table = CommandTable::new();
    let mut complaints = HashSet::new();
    let (mut taken, mut others) = (Vec::new(), Vec::new());
    for module in modules {
        for spec in module.commands() {
            match spec {
                Ok(spec) if module.enabled && takes_over(&spec) => taken.push(spec),
                Ok(spec) => others.push(spec),
                Err(left_out) => complain(&mut complaints, &module.module, &left_out),
            }
        }
    }
    for spec in &taken {
        add(&mut table, spec.clone(), &mut complaints);
    }
    let is_taken = |spec: &CommandSpec| taken.iter().any(|own| own.prefix() == spec.prefix());
    for spec in builtins.specs().iter().filter(|spec| !is_taken(spec)) {
        add(&mut table, spec.clone(), &mut complaints);
    }
    for spec in others {
        // What a disabled module would take over is no flaw of it.
        let is_theirs = |owner: &str| owner == spec.module;
        if !takes_over(&spec) || table.owner(&spec.prefix()).is_none_or(is_theirs) {
            add(&mut table, spec, &mut complaints);
        }
    }
    (table, complaints)
}

fn add(table: &mut CommandTable, spec: CommandSpec, complaints: &mut HashSet<String>) {
    let module = spec.module.clone();
    if let Err(left_out) = register_command(table, spec) {
        complain(complaints, &module, &left_out);
    }
}

fn complain(complaints: &mut HashSet<String>, module: &str, left_out: &LeftOut) {
    complaints.insert(format!("a command of module '{module}' is left out: {left_out}"));
}

fn takes_over(spec: &CommandSpec) -> bool {
    let first = spec.first_word();
    first == spec.module && !OURS.contains(&first) && spec.module != MODULE
}

#[cfg(test)]
mod tests {
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
            error: String::new(),
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
}
