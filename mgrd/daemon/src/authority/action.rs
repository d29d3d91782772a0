//! What a caller can ask for.

use std::collections::BTreeMap;
use std::fmt;

use mgrd_command::Perm;

use super::call::{Audience, Call};

/// What a caller can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action<'a> {
    /// Make a call of the contracts. It is decided before the body of the call is read.
    Call(Call),
    /// Run a command.
    Command {
        /// Its literal words.
        prefix: &'a str,
        /// The command as the audit log shows it, without secrets.
        text: &'a str,
        /// The permission that its descriptor asks for; none if only the cluster knows the command.
        perm: Option<Perm>,
    },
    /// Set or remove an option of a module.
    SetOption {
        /// The module that has the option.
        module: &'a str,
        /// The option.
        option: &'a str,
    },
    /// Have a module do something with these arguments, while it runs a command of the caller.
    UseArguments {
        /// The module.
        module: &'a str,
        /// Their names and values, such as `pool` and `rbd`.
        arguments: &'a BTreeMap<String, String>,
    },
}

impl Action<'_> {
    pub(super) fn audience(&self) -> Audience {
        match self {
            Self::Call(call) => call.audience(),
            Self::Command { .. } | Self::UseArguments { .. } => Audience::ClientsAndModules,
            Self::SetOption { .. } => Audience::Modules,
        }
    }

    /// Whether it changes something, or gives rights that last.
    pub(super) fn is_write(&self) -> bool {
        match self {
            Self::Call(call) => call.is_write(),
            Self::Command { perm, .. } => perm.is_none_or(Perm::is_write),
            Self::SetOption { .. } => true,
            Self::UseArguments { .. } => false,
        }
    }
}

impl fmt::Display for Action<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => write!(f, "{call:?}"),
            Self::Command { prefix, .. } => write!(f, "command '{prefix}'"),
            Self::SetOption { module, option } => write!(f, "option '{option}' of '{module}'"),
            Self::UseArguments { module, .. } => write!(f, "arguments of '{module}'"),
        }
    }
}
