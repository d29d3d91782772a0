//! The table of all commands, each found by its words.

use std::sync::Arc;

use indexmap::IndexMap;
use indexmap::map::Entry;
use serde_json::{Map, Value};

use super::spec::CommandSpec;

/// All commands, in the order in which they were registered, one for each prefix.
#[derive(Clone, Debug, Default)]
pub struct CommandTable {
    commands: IndexMap<String, Arc<CommandSpec>>,
    version: u64,
}

/// A command whose words are taken: the first one registered stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("command '{prefix}' of module '{module}' is already answered by '{owner}'; rename it")]
pub struct DuplicateCommand {
    /// The words of both commands.
    pub prefix: String,
    /// The module whose command was refused.
    pub module: String,
    /// The module that has it.
    pub owner: String,
}

impl CommandTable {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a command at the end.
    ///
    /// # Errors
    ///
    /// [`DuplicateCommand`] if there is one with the same words; the table stays as it was.
    pub fn register(&mut self, spec: CommandSpec) -> Result<(), DuplicateCommand> {
        match self.commands.entry(spec.prefix()) {
            Entry::Occupied(taken) => Err(DuplicateCommand {
                prefix: taken.key().clone(),
                module: spec.module,
                owner: taken.get().module.clone(),
            }),
            Entry::Vacant(free) => {
                free.insert(Arc::new(spec));
                self.version += 1;
                Ok(())
            }
        }
    }

    /// Removes all commands of a module.
    pub fn remove_module(&mut self, module: &str) {
        let before = self.commands.len();
        self.commands.retain(|_, spec| spec.module != module);
        if self.commands.len() != before {
            self.version += 1;
        }
    }

    /// The same table as the successor of one that had `version`.
    #[must_use]
    pub fn succeeding(self, version: u64) -> Self {
        Self { version: version + 1, ..self }
    }

    /// Grows with every change.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// The command with exactly these words, joined by blanks.
    #[must_use]
    pub fn get(&self, prefix: &str) -> Option<&Arc<CommandSpec>> {
        self.commands.get(prefix)
    }

    /// All commands, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<CommandSpec>> {
        self.commands.values()
    }

    /// The published form, as the reply to `get_command_descriptions`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let numbered = self.iter().filter(|spec| !spec.flags.obsolete).enumerate();
        let entries = numbered.map(|(i, spec)| (format!("cmd{i:03}"), spec.to_json()));
        Value::Object(entries.collect::<Map<_, _>>())
    }
}

#[cfg(test)]
mod tests {
    use super::super::spec::Flags;
    use super::*;

    fn spec(module: &str, descriptor: &str) -> CommandSpec {
        CommandSpec::new(module, descriptor, "", "r", Flags::default()).unwrap()
    }

    #[test]
    fn the_first_command_registered_wins() {
        let mut table = CommandTable::new();
        table.register(spec("a", "go")).unwrap();
        table.register(spec("a", "go on")).unwrap();
        let error = table.register(spec("b", "go name=x,type=CephInt")).unwrap_err();
        let expected = "command 'go' of module 'b' is already answered by 'a'; rename it";
        assert_eq!(error.to_string(), expected);
        assert_eq!(table.version(), 2);
        assert_eq!(table.get("go").unwrap().module, "a");
        assert!(table.get("g").is_none());

        table.remove_module("b");
        assert_eq!(table.version(), 2);
        table.remove_module("a");
        assert_eq!((table.version(), table.iter().len()), (3, 0));
    }

    #[test]
    fn the_published_form_numbers_the_commands() {
        let mut table = CommandTable::new();
        table.register(spec("a", "go")).unwrap();
        table.register(spec("b", "stop")).unwrap();
        let json = table.to_json();
        assert_eq!(json["cmd000"]["sig"], serde_json::json!(["go"]));
        assert_eq!(json["cmd001"]["sig"], serde_json::json!(["stop"]));
    }
}
