//! The commands that a module declares.

use super::signature::DescriptorError;
use super::spec::{CommandSpec, Flags};
use crate::module::Declared;

/// What the module declares, each as a command. A bad descriptor costs it that one.
pub fn specs(module: &Declared) -> impl Iterator<Item = Result<CommandSpec, DescriptorError>> {
    let declared = module.declaration.iter().flat_map(|declaration| &declaration.commands);
    declared.map(|command| {
        let flags = Flags { poll: command.poll, ..Flags::default() };
        CommandSpec::new(&module.module, &command.cmd, &command.desc, &command.perm, flags)
    })
}
