//! A command as a module registers it, and as the table publishes it.

use std::fmt;
use std::str::FromStr;

use serde_json::{Value, json};

use super::signature::{DescriptorError, Problem, Signature, Slot};
use super::usage;

/// One command: what it looks like, what it does, who answers it.
#[derive(Clone, Debug, PartialEq)]
pub struct CommandSpec {
    /// Its words and arguments.
    pub signature: Signature,
    /// One line for people; empty leaves it out of the help.
    pub help: String,
    /// What a client must be allowed to do.
    pub perm: Perm,
    /// How it is treated.
    pub flags: Flags,
    /// The module that answers it.
    pub module: String,
    /// Where it is declared, such as `module.py:12`; empty if that is not known.
    pub declared_at: String,
}

impl CommandSpec {
    /// Reads what a module declares; line breaks in `help` become blanks.
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
        let perm = perm
            .parse()
            .map_err(|problem| DescriptorError { descriptor: descriptor.to_owned(), problem })?;
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let (module, declared_at) = (module.to_owned(), String::new());
        Ok(Self { signature, help, perm, flags, module, declared_at })
    }

    /// Whether it is called and answered as `other` is.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        self.module == other.module && self.signature == other.signature
    }

    /// The command's identity: its literal words, joined by blanks.
    #[must_use]
    pub fn prefix(&self) -> String {
        self.signature.prefix()
    }

    /// The signature for people, such as `mgr module enable <module> [--force]`.
    #[must_use]
    pub fn usage(&self) -> String {
        usage::signature(&self.signature)
    }

    /// Whether help and hints mention it.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        !(self.flags.obsolete || self.flags.deprecated || self.flags.hidden)
    }

    /// The form in which Ceph publishes commands, argument attributes all text.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let slot = |slot: &Slot| match slot {
            Slot::Word(word) => json!(word),
            Slot::Arg(argument) => {
                argument.attributes().into_iter().map(|(k, v)| (k.to_owned(), json!(v))).collect()
            }
        };
        json!({
            "sig": self.signature.slots().iter().map(slot).collect::<Vec<_>>(),
            "help": self.help,
            "module": "mgr",
            "perm": self.perm.to_string(),
            "flags": self.flags.bits(),
        })
    }
}

/// What a client must be allowed to do to run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Perm {
    /// Read.
    pub read: bool,
    /// Write.
    pub write: bool,
    /// Execute.
    pub execute: bool,
}

impl FromStr for Perm {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let once = |c| text.matches(c).count() <= 1;
        let good = text.chars().all(|c| "rwx".contains(c)) && "rwx".chars().all(once);
        if text.is_empty() || !good {
            return Err(Problem::Perm(text.to_owned()));
        }
        let has = |c| text.contains(c);
        Ok(Self { read: has('r'), write: has('w'), execute: has('x') })
    }
}

impl fmt::Display for Perm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = [(self.read, 'r'), (self.write, 'w'), (self.execute, 'x')];
        letters.iter().filter(|(has, _)| *has).try_for_each(|(_, letter)| write!(f, "{letter}"))
    }
}

/// How a command is treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// Clients may repeat it every period.
    pub poll: bool,
    /// It works, but is not listed.
    pub hidden: bool,
    /// It works, but is not listed any more.
    pub deprecated: bool,
    /// It no longer works.
    pub obsolete: bool,
}

impl Flags {
    /// Ceph's bits, always including 8, "served by the manager".
    #[must_use]
    pub(crate) fn bits(self) -> u32 {
        let bits = [(self.obsolete, 2), (self.deprecated, 4), (self.poll, 16), (self.hidden, 32)];
        bits.iter().filter(|(set, _)| *set).map(|(_, bit)| bit).sum::<u32>() | 8
    }
}

#[cfg(test)]
mod tests;
