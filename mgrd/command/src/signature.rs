//! Descriptors: `fs rename name=old,type=CephString name=force,type=CephBool,req=false`.

use std::collections::HashSet;
use std::fmt;

use super::argument::{Argument, BadArgument};
use super::short::{QUOTED_BYTES, short};

/// How much of a text about a bad descriptor is shown, in bytes.
const PROBLEM_BYTES: usize = 1000;

/// The words and arguments of a command, in order.
///
/// `Display` gives the descriptor back, in canonical form.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signature {
    slots: Vec<Slot>,
}

/// One position in a signature.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Slot {
    /// A literal word.
    Word(String),
    /// An argument.
    Arg(Argument),
}

/// A descriptor that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "command descriptor '{}': {}",
    short(descriptor, QUOTED_BYTES),
    short(&problem.to_string(), PROBLEM_BYTES)
)]
pub struct DescriptorError {
    /// The descriptor as it was given.
    pub(super) descriptor: String,
    /// The error, its position, and what is allowed there.
    pub(super) problem: DescriptorProblem,
}

/// What is wrong with a descriptor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DescriptorProblem {
    /// It does not begin with a word.
    #[error("it must begin with a command word, before any name=...,type=... argument")]
    NoWords,
    /// Two arguments have names that differ at most in `-` and `_`.
    #[error("two arguments are named '{0}'; give each a name of its own")]
    TwiceNamed(String),
    /// An argument is wrong.
    #[error("argument {position} '{}': {error}", short(text, QUOTED_BYTES))]
    Argument {
        /// Its position among the arguments, from 1.
        position: usize,
        /// Its text.
        text: String,
        /// The reason.
        error: BadArgument,
    },
    /// There is no such permission.
    #[error("unknown perm '{0}'; use r, w, rw or rwx")]
    Perm(String),
}

impl Signature {
    /// Reads a descriptor: words and arguments, separated by spaces.
    ///
    /// # Errors
    ///
    /// [`DescriptorError`] names the descriptor, the position, the reason and what is allowed.
    pub(super) fn parse(descriptor: &str) -> Result<Self, DescriptorError> {
        slots(descriptor)
            .map(|slots| Self { slots })
            .map_err(|problem| DescriptorError { descriptor: descriptor.to_owned(), problem })
    }

    /// Words and arguments, in order.
    #[must_use]
    pub(super) fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The arguments, in order.
    pub(super) fn arguments(&self) -> impl Iterator<Item = &Argument> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Arg(argument) => Some(argument),
            Slot::Word(_) => None,
        })
    }

    /// The literal words, in order.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().filter_map(|slot| match slot {
            Slot::Word(word) => Some(word.as_str()),
            Slot::Arg(_) => None,
        })
    }

    /// The literal words before the first argument, by which the command is found.
    pub(super) fn leading_words(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map_while(|slot| match slot {
            Slot::Word(word) => Some(word.as_str()),
            Slot::Arg(_) => None,
        })
    }

    /// The slots after the leading words.
    #[must_use]
    pub(super) fn tail(&self) -> &[Slot] {
        &self.slots[self.leading_words().count()..]
    }

    /// The command's identity: its literal words, joined by spaces.
    #[must_use]
    pub(super) fn prefix(&self) -> String {
        self.words().collect::<Vec<_>>().join(" ")
    }

    /// The argument that a keyword names; `-` equals `_`.
    #[must_use]
    pub(super) fn argument(&self, key: &str) -> Option<&Argument> {
        self.arguments().find(|argument| argument.is_named(key))
    }
}

fn slots(descriptor: &str) -> Result<Vec<Slot>, DescriptorProblem> {
    let mut slots = Vec::new();
    let (mut arguments, mut names) = (0, HashSet::new());
    for piece in descriptor.split_whitespace() {
        if !piece.contains(['=', ',']) {
            slots.push(Slot::Word(piece.to_owned()));
            continue;
        }
        arguments += 1;
        let argument = Argument::parse(piece).map_err(|error| DescriptorProblem::Argument {
            position: arguments,
            text: piece.to_owned(),
            error,
        })?;
        if !names.insert(argument.plain_name()) {
            return Err(DescriptorProblem::TwiceNamed(argument.name));
        }
        slots.push(Slot::Arg(argument));
    }
    match slots.first() {
        Some(Slot::Word(_)) => Ok(slots),
        _ => Err(DescriptorProblem::NoWords),
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, slot) in self.slots.iter().enumerate() {
            let blank = if i == 0 { "" } else { " " };
            match slot {
                Slot::Word(word) => write!(f, "{blank}{word}")?,
                Slot::Arg(argument) => write!(f, "{blank}{argument}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
