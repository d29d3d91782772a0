//! How large one command of a module may be.

use mgrd_command::CommandSpec;

use super::declaration::DeclaredCommand;
use super::session::SessionLimits;
use crate::text::line;

/// How much of the words of a command is shown, in bytes.
const PREFIX_BYTES: usize = 200;

/// Why a command is too large.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum TooLarge {
    #[error(
        "the descriptor of command '{command}' has {bytes} bytes, at most {limit} are allowed \
         (limits.module.descriptor_bytes)"
    )]
    Descriptor { command: String, bytes: usize, limit: usize },
    #[error(
        "command '{command}' has a word of {bytes} bytes, at most {limit} are allowed \
         (limits.module.word_bytes)"
    )]
    Word { command: String, bytes: usize, limit: usize },
    #[error(
        "command '{command}' has {arguments} arguments, at most {limit} are allowed \
         (limits.module.command_arguments)"
    )]
    Arguments { command: String, arguments: usize, limit: usize },
    #[error(
        "command '{command}' has an argument with {choices} choices, at most {limit} are allowed \
         (limits.module.argument_choices)"
    )]
    Choices { command: String, choices: usize, limit: usize },
}

/// Refuses a descriptor that is too long.
pub(super) fn check_descriptor(
    command: &DeclaredCommand,
    limits: &SessionLimits,
) -> Result<(), TooLarge> {
    let Some(bytes) = command.too_long else { return Ok(()) };
    let command = line(&command.cmd, PREFIX_BYTES);
    Err(TooLarge::Descriptor { command, bytes, limit: limits.descriptor_bytes })
}

/// Refuses a command that is larger than the limits.
pub(super) fn check(spec: &CommandSpec, limits: &SessionLimits) -> Result<(), TooLarge> {
    let size = spec.size();
    let command = || line(&spec.prefix(), PREFIX_BYTES);
    if size.word > limits.word_bytes {
        let (bytes, limit) = (size.word, limits.word_bytes);
        return Err(TooLarge::Word { command: command(), bytes, limit });
    }
    if size.arguments > limits.command_arguments {
        let (arguments, limit) = (size.arguments, limits.command_arguments);
        return Err(TooLarge::Arguments { command: command(), arguments, limit });
    }
    if size.choices > limits.argument_choices {
        let (choices, limit) = (size.choices, limits.argument_choices);
        return Err(TooLarge::Choices { command: command(), choices, limit });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
