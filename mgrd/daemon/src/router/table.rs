//! One table of all commands: built-ins, and those of every module there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use mgrd_command::{BUILTIN_MODULE, CommandSpec, CommandTable};

use super::builtins::Builtins;
use crate::module::{Declared, LeftOut, register_command};

/// By module, the commands that it does not get because another has them.
type Conflicts = BTreeMap<String, Vec<LeftOut>>;

/// Built-in commands that no module can take over, by their first word.
const OURS: [&str; 8] =
    ["config", "config-key", "feed", "health", "log", "mgr", "status", "version"];

/// The table: an enabled module takes over built-ins that begin with its own name (so that
/// `progress` of a module `progress` is the module's), then come the built-ins, then the modules
/// in the order of their names. The first one to claim words has them, with all its overloads.
///
/// The second result is, by module, the commands that it does not get because another has them.
pub(super) fn build(builtins: &Builtins, modules: &[Declared]) -> (CommandTable, Conflicts) {
    let mut table = CommandTable::new();
    let mut conflicts = Conflicts::new();
    let (mut taken, mut others) = (Vec::new(), Vec::new());
    for module in modules {
        for spec in module.commands.iter() {
            let takes_over = module.enabled && takes_over(spec);
            if takes_over { &mut taken } else { &mut others }.push(spec);
        }
    }
    for spec in &taken {
        add(&mut table, spec, &mut conflicts);
    }
    let is_taken = |spec: &CommandSpec| table.owner(&spec.prefix()).is_some();
    let ours: Vec<_> = builtins.specs().iter().filter(|spec| !is_taken(spec)).collect();
    for spec in ours {
        add(&mut table, spec, &mut conflicts);
    }
    for spec in others {
        // What a disabled module would take over is no flaw of it.
        let is_theirs = |owner: &str| owner == spec.module;
        if !takes_over(spec) || table.owner(&spec.prefix()).is_none_or(is_theirs) {
            add(&mut table, spec, &mut conflicts);
        }
    }
    (table, conflicts)
}

fn add(table: &mut CommandTable, spec: &Arc<CommandSpec>, conflicts: &mut Conflicts) {
    if let Err(left_out) = register_command(table, Arc::clone(spec)) {
        conflicts.entry(spec.module.clone()).or_default().push(left_out);
    }
}

fn takes_over(spec: &CommandSpec) -> bool {
    let first = spec.first_word();
    first == spec.module && !OURS.contains(&first) && spec.module != BUILTIN_MODULE
}

#[cfg(test)]
mod tests;
