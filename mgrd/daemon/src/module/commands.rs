//! The commands that a module declares.

use mgrd_command::{CommandSpec, DescriptorError, Flags};

use super::status::Declared;

impl Declared {
    /// What the module declares, each as a command. A bad descriptor costs it that one.
    pub fn commands(&self) -> impl Iterator<Item = Result<CommandSpec, DescriptorError>> {
        let declared = self.declaration.iter().flat_map(|declaration| &declaration.commands);
        declared.map(|command| {
            let flags = Flags { poll: command.poll, ..Flags::default() };
            CommandSpec::new(&self.module, &command.cmd, &command.desc, &command.perm, flags)
        })
    }
}
