//! The commands that a module declares, and those of them that it does not get.

use mgrd_command::{CommandSpec, CommandTable, Conflict, DescriptorError, Flags};

use super::declaration::DeclaredCommand;
use super::status::Declared;

/// Why a module does not get one of its commands. The others work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{reason}", place(declared_at))]
pub struct LeftOut {
    declared_at: String,
    #[source]
    reason: Box<Reason>,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum Reason {
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    #[error(transparent)]
    Conflict(#[from] Conflict),
}

impl Declared {
    /// The commands that it declares. A command with an invalid descriptor is left out.
    pub fn commands(&self) -> impl Iterator<Item = Result<CommandSpec, LeftOut>> {
        let declared = self.declaration.iter().flat_map(|declaration| &declaration.commands);
        declared.map(|command| spec(&self.module, command))
    }

    /// The commands that it would not get even if there were no other module.
    #[must_use]
    pub fn left_out(&self) -> Vec<LeftOut> {
        let mut own = CommandTable::new();
        let registered = self.commands().map(|spec| register_command(&mut own, spec?));
        registered.filter_map(Result::err).collect()
    }
}

/// Whether a command is the self-test of its module.
#[must_use]
pub fn is_self_test(spec: &CommandSpec) -> bool {
    spec.prefix().strip_prefix(spec.module.as_str()) == Some(" self-test")
}

/// Registers a command of a module.
///
/// # Errors
///
/// [`LeftOut`] if a command in the table has the same words.
pub fn register_command(table: &mut CommandTable, spec: CommandSpec) -> Result<(), LeftOut> {
    let declared_at = spec.declared_at.clone();
    table
        .register(spec)
        .map_err(|conflict| LeftOut { declared_at, reason: Box::new(conflict.into()) })
}

fn spec(module: &str, command: &DeclaredCommand) -> Result<CommandSpec, LeftOut> {
    let DeclaredCommand { cmd, desc, perm, poll, declared_at } = command;
    let flags = Flags { poll: *poll, ..Flags::default() };
    let declared_at = declared_at.clone();
    match CommandSpec::new(module, cmd, desc, perm, flags) {
        Ok(mut spec) => {
            spec.declared_at = declared_at;
            Ok(spec)
        }
        Err(flaw) => Err(LeftOut { declared_at, reason: Box::new(flaw.into()) }),
    }
}

fn place(declared_at: &str) -> String {
    if declared_at.is_empty() { String::new() } else { format!("{declared_at}: ") }
}

#[cfg(test)]
mod tests;
