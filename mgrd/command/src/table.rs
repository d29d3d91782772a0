//! The table of all commands, each found by its words.

use std::sync::Arc;

use indexmap::IndexMap;

use super::overload::shadows;
use super::short::{QUOTED_BYTES, short};
use super::spec::{BUILTIN_MODULE, CommandSpec};

/// All commands, by prefix in the order in which each was first registered.
///
/// One module answers a prefix. Its commands of that prefix are overloads: the first that fits the
/// words or the JSON is run.
#[derive(Clone, Debug, Default)]
pub struct CommandTable {
    commands: IndexMap<String, Vec<Arc<CommandSpec>>>,
    version: u64,
}

/// How many commands may share a prefix.
const MAX_OVERLOADS: usize = 64;

/// Why a command conflicts with those in the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// `mgrd` or another module answers these words.
    #[error(
        "command '{}' is a command of {}; rename it",
        short(prefix, QUOTED_BYTES),
        named(owner)
    )]
    Taken {
        /// The words of both commands.
        prefix: String,
        /// The module that answers it.
        owner: String,
    },
    /// Another command of the module is chosen whenever this one fits.
    #[error(
        "command '{}' is never chosen, because '{}' is declared before it \
         and fits the same arguments; remove it, or declare it first",
        short(command, QUOTED_BYTES),
        short(earlier, QUOTED_BYTES)
    )]
    NeverChosen {
        /// The usage of the refused command.
        command: String,
        /// The usage of the command in the table.
        earlier: String,
    },
    /// The prefix has more overloads than a table holds.
    #[error(
        "command '{}' has more than {MAX_OVERLOADS} signatures; give some of them other words",
        short(.0, QUOTED_BYTES)
    )]
    TooMany(String),
}

impl CommandTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a command after those of the same prefix. If the module already has one with this
    /// signature, that one stays as it is.
    ///
    /// # Errors
    ///
    /// [`Conflict`] names the other command. The table does not change.
    pub fn register(&mut self, spec: impl Into<Arc<CommandSpec>>) -> Result<(), Conflict> {
        let spec = spec.into();
        let overloads = self.commands.entry(spec.prefix()).or_default();
        if overloads.iter().any(|other| other.is_same_as(&spec)) {
            return Ok(());
        }
        if let Some(conflict) = conflict(&spec, overloads) {
            return Err(conflict);
        }
        overloads.push(spec);
        self.version += 1;
        Ok(())
    }

    /// The same table with the version after `version`.
    #[must_use]
    pub fn succeeding(self, version: u64) -> Self {
        Self { version: version + 1, ..self }
    }

    /// Grows with every change.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The commands with exactly these words, joined by spaces, in the order in which they are tried.
    #[must_use]
    pub fn overloads(&self, prefix: &str) -> &[Arc<CommandSpec>] {
        self.commands.get(prefix).map_or(&[], Vec::as_slice)
    }

    /// The module that answers these words, joined by blanks.
    #[must_use]
    pub fn owner(&self, prefix: &str) -> Option<&str> {
        self.overloads(prefix).first().map(|spec| spec.module.as_str())
    }

    /// All commands, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<CommandSpec>> {
        self.commands.values().flatten()
    }
}

/// The owner of a command, in a sentence.
fn named(owner: &str) -> String {
    if owner == BUILTIN_MODULE { "mgrd".to_owned() } else { format!("module '{owner}'") }
}

/// What keeps a command out of the table, given the commands that have its prefix.
fn conflict(spec: &CommandSpec, overloads: &[Arc<CommandSpec>]) -> Option<Conflict> {
    let first = overloads.first()?;
    if first.module != spec.module {
        return Some(Conflict::Taken { prefix: spec.prefix(), owner: first.module.clone() });
    }
    let mut earlier = overloads.iter();
    if let Some(earlier) = earlier.find(|other| shadows(&other.signature, &spec.signature)) {
        return Some(Conflict::NeverChosen { command: spec.usage(), earlier: earlier.usage() });
    }
    (overloads.len() >= MAX_OVERLOADS).then(|| Conflict::TooMany(spec.prefix()))
}

#[cfg(test)]
mod tests;
