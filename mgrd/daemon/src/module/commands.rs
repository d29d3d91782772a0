//! The commands that a module declares, and those of them that it does not get.

use std::sync::Arc;

use mgrd_command::{CommandSpec, CommandTable, Conflict, DescriptorError, Flags};

use super::declaration::DeclaredCommand;
use super::descriptor_size::{self, TooLarge};
use super::session::SessionLimits;

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
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
}

impl LeftOut {
    /// The sentence that names the module, too.
    #[must_use]
    pub fn of_module(&self, module: &str) -> String {
        format!("a command of module '{module}' is left out: {self}")
    }
}

/// The commands that a module declares. They are read once, when the declaration arrives.
#[derive(Debug, Default)]
pub struct Commands {
    table: CommandTable,
    left_out: Vec<LeftOut>,
}

impl Commands {
    /// Reads the commands of a declaration.
    #[must_use]
    pub fn read(module: &str, declared: &[DeclaredCommand], limits: &SessionLimits) -> Self {
        let mut commands = Self::default();
        for command in declared {
            let registered = spec(module, command, limits)
                .and_then(|spec| register_command(&mut commands.table, spec));
            commands.left_out.extend(registered.err());
        }
        commands
    }

    /// The commands that the module gets if no other has the same words.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<CommandSpec>> {
        self.table.iter()
    }

    /// Why the module would not get the others even if there were no other module.
    #[must_use]
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
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
pub fn register_command(
    table: &mut CommandTable,
    spec: impl Into<Arc<CommandSpec>>,
) -> Result<(), LeftOut> {
    let spec = spec.into();
    table.register(Arc::clone(&spec)).map_err(|conflict| LeftOut {
        declared_at: spec.declared_at.clone(),
        reason: Box::new(conflict.into()),
    })
}

fn spec(
    module: &str,
    command: &DeclaredCommand,
    limits: &SessionLimits,
) -> Result<CommandSpec, LeftOut> {
    let declared_at = &command.declared_at;
    let mut spec = sized(module, command, limits)
        .map_err(|reason| LeftOut { declared_at: declared_at.clone(), reason: Box::new(reason) })?;
    spec.declared_at.clone_from(declared_at);
    Ok(spec)
}

/// The command, if its descriptor is valid and within the limits.
fn sized(
    module: &str,
    command: &DeclaredCommand,
    limits: &SessionLimits,
) -> Result<CommandSpec, Reason> {
    descriptor_size::check_descriptor(command, limits)?;
    let flags = Flags { poll: command.poll, ..Flags::default() };
    let spec = CommandSpec::new(module, &command.cmd, &command.desc, &command.perm, flags)?;
    descriptor_size::check(&spec, limits)?;
    Ok(spec)
}

fn place(declared_at: &str) -> String {
    if declared_at.is_empty() { String::new() } else { format!("{declared_at}: ") }
}

#[cfg(test)]
mod tests;
