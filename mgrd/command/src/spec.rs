//! A command as a module registers it, and as the table publishes it.

use std::fmt;

use super::arg_type::ArgType;
use super::argument::Argument;
use super::signature::{DescriptorError, DescriptorProblem, Signature};
use super::usage;

/// The module of the commands that `mgrd` answers itself, as Ceph's clients expect.
pub const BUILTIN_MODULE: &str = "mgr";

/// One command: its signature, its help, and the module that answers it.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandSpec {
    pub(super) signature: Signature,
    /// One line for people; if it is empty, the help does not list the command.
    pub help: String,
    /// The permission that a client needs.
    pub perm: Perm,
    /// How clients treat it.
    pub flags: Flags,
    /// The module that answers it.
    pub module: String,
    /// The file and line of its declaration, such as `module.py:12`; empty if it is not known.
    pub declared_at: String,
}

impl CommandSpec {
    /// Reads what a module declares; line breaks in `help` become spaces.
    ///
    /// # Errors
    ///
    /// [`DescriptorError`] if the descriptor or the permission is wrong.
    pub fn new(
        module: &str,
        descriptor: &str,
        help: &str,
        perm: &str,
        flags: Flags,
    ) -> Result<Self, DescriptorError> {
        let signature = Signature::parse(descriptor)?;
        let perm = Perm::parse(perm)
            .map_err(|problem| DescriptorError { descriptor: descriptor.to_owned(), problem })?;
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let (module, declared_at) = (module.to_owned(), String::new());
        Ok(Self { signature, help, perm, flags, module, declared_at })
    }

    /// Whether it is called and answered as `other` is.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.module == other.module && self.signature == other.signature
    }

    /// The descriptor, in canonical form.
    #[must_use]
    pub fn descriptor(&self) -> String {
        self.signature.to_string()
    }

    /// The first word.
    #[must_use]
    pub fn first_word(&self) -> &str {
        self.signature.leading_words().next().unwrap_or_default()
    }

    /// Whether it has an argument of this name.
    #[must_use]
    pub fn takes(&self, argument: &str) -> bool {
        self.signature.arguments().any(|other| other.name == argument)
    }

    /// How large it is.
    #[must_use]
    pub fn size(&self) -> Size {
        let choices = |argument: &Argument| match &argument.kind {
            ArgType::Choices(choices) => choices.iter().len(),
            _ => 0,
        };
        Size {
            word: self.signature.words().map(str::len).max().unwrap_or_default(),
            arguments: self.signature.arguments().count(),
            choices: self.signature.arguments().map(choices).max().unwrap_or_default(),
        }
    }

    /// The command's identity: its literal words, joined by spaces.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.signature.prefix()
    }

    /// The signature for people, such as `mgr module enable <module> [--force]`.
    #[must_use]
    pub fn usage(&self) -> String {
        usage::signature(&self.signature)
    }

    /// Whether help and hints list it.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        !self.flags.hidden
    }
}

/// How large a command is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Bytes of its longest literal word.
    pub word: usize,
    /// How many arguments it has.
    pub arguments: usize,
    /// The most choices that one of its arguments has.
    pub choices: usize,
}

/// The permission that a client needs to run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Perm {
    /// Read.
    pub read: bool,
    /// Write.
    pub write: bool,
    /// Execute.
    pub execute: bool,
}

impl Perm {
    fn parse(text: &str) -> Result<Self, DescriptorProblem> {
        let once = |c| text.matches(c).count() <= 1;
        let good = text.chars().all(|c| "rwx".contains(c)) && "rwx".chars().all(once);
        if text.is_empty() || !good {
            return Err(DescriptorProblem::Perm(text.to_owned()));
        }
        let has = |c| text.contains(c);
        Ok(Self { read: has('r'), write: has('w'), execute: has('x') })
    }

    /// Whether a command with it can change something.
    #[must_use]
    pub fn is_write(self) -> bool {
        self.write || self.execute
    }
}

impl fmt::Display for Perm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = [(self.read, 'r'), (self.write, 'w'), (self.execute, 'x')];
        letters.iter().filter(|(has, _)| *has).try_for_each(|(_, letter)| write!(f, "{letter}"))
    }
}

/// How clients treat a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Clients may repeat it every period.
    pub poll: bool,
    /// It works, but is not listed.
    pub hidden: bool,
}

#[cfg(test)]
mod tests;
