//! Why a limit cannot be set.

use mgrd_command::{CommandError, Errno};

use super::limit::Limit;
use super::unit::Unit;
use crate::text;

/// How much is shown of what is not a limit or a value.
const SHOWN: usize = 64;

/// Why a limit cannot be set for a module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    /// There is no such limit.
    #[error("there is no limit '{name}'; use one of {known}")]
    Unknown {
        /// Its name.
        name: String,
        /// The names of all limits.
        known: String,
    },
    /// The limit is one of all modules together.
    #[error(
        "'{0}' cannot be set for one module; it holds for all modules, and is set in [limits.module] of \
         mgrd.toml, which mgrd reads when it starts"
    )]
    OfAll(String),
    /// The word does not say what to set.
    #[error("'{0}' is not a limit with a value; write one such as memory=512M, or memory=default")]
    NotAPair(String),
    /// The value cannot be read.
    #[error("{name} = '{text}' is not allowed: use {expected}, such as {name}={example}")]
    NotAValue {
        /// The limit.
        name: &'static str,
        /// The value.
        text: String,
        /// What is expected.
        expected: &'static str,
        /// A value that is allowed.
        example: &'static str,
    },
    /// The value is too small or too large.
    #[error("{name} = {value} is not allowed: use {least} to {most}, such as {name}={example}")]
    OutOfRange {
        /// The limit.
        name: &'static str,
        /// Its value.
        value: String,
        /// The smallest allowed value.
        least: String,
        /// The largest allowed value.
        most: String,
        /// A value that is allowed.
        example: &'static str,
    },
    /// The limit is named more than once.
    #[error("{0} is given more than once; give each limit once")]
    Twice(Limit),
}

impl LimitError {
    pub(super) fn unknown(name: &str) -> Self {
        let known: Vec<_> = Limit::all().map(Limit::name).collect();
        Self::Unknown { name: text::line(name, SHOWN), known: known.join(", ") }
    }

    pub(super) fn not_a_pair(word: &str) -> Self {
        Self::NotAPair(text::line(word, SHOWN))
    }

    pub(super) fn not_a_value(
        name: &'static str,
        text: &str,
        unit: Unit,
        example: &'static str,
    ) -> Self {
        let expected = unit.expected();
        Self::NotAValue { name, text: text::line(text, SHOWN), expected, example }
    }
}

impl CommandError for LimitError {
    fn errno(&self) -> Errno {
        Errno::EINVAL
    }
}

#[cfg(test)]
mod tests;
