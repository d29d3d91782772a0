//! Finds the command that the words call, or explains why they call none.

use std::fmt;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::bind::{self, BindError, Rejected};
use super::closest;
use super::short::{QUOTED_BYTES, short};
use super::spec::CommandSpec;
use super::table::CommandTable;
use super::usage;
use crate::outcome::{CommandError, Errno};

/// A command and its arguments, ready to run.
#[derive(Clone, Debug)]
pub struct Matched {
    /// The command.
    pub spec: Arc<CommandSpec>,
    /// Argument values by name, in the order of the signature; absent optionals are absent.
    pub args: Map<String, Value>,
}

/// Why the words call no command.
///
/// `Display` gives the diagnosis that users of `ceph` know. The server adds [`MatchError::STATUS`]
/// as the last line, which clients show as `Error EINVAL: invalid command`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MatchError {
    /// The command is known but an argument is wrong.
    Arguments {
        /// A word that fits no argument.
        rejected: Option<Box<Rejected>>,
        /// What is wrong.
        reason: String,
        /// The command's signature for people.
        usage: String,
        /// The command's help.
        help: String,
    },
    /// The first word looks like an option.
    UnknownOption(String),
    /// No command has these words.
    Unknown {
        /// Signatures of the closest ones, at most ten.
        closest: Vec<String>,
    },
}

impl MatchError {
    /// The status text that ends a failed match.
    pub const STATUS: &str = "invalid command";
}

impl std::error::Error for MatchError {}

impl fmt::Display for MatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arguments { rejected, reason, usage, help } => {
                if let Some(rejected) = rejected {
                    writeln!(f, "{rejected}")?;
                }
                write!(f, "Invalid command: {reason}\n{}", usage::with_help(usage, help))
            }
            Self::UnknownOption(word) => write!(
                f,
                "no valid command found: '{word}' is not an option of mgrctl, and no command begins \
                 with it; mgrctl -h lists the options and the commands"
            ),
            Self::Unknown { closest } => {
                f.write_str("no valid command found in mgrd and its modules; ")?;
                match closest.len() {
                    0 => f.write_str("mgrctl -h lists all commands"),
                    1 => f.write_str("1 closest match:"),
                    n => write!(f, "{n} closest matches:"),
                }?;
                closest.iter().try_for_each(|usage| write!(f, "\n{usage}"))
            }
        }
    }
}

impl CommandError for MatchError {
    fn errno(&self) -> Errno {
        Errno::EINVAL
    }
}

impl CommandTable {
    /// The command that the words call, and its arguments.
    ///
    /// If the words of several commands begin the line, the command with the most words wins. So
    /// `log last x` is never `log` with the text `last x`. Of its overloads, the first that fits
    /// wins.
    ///
    /// # Errors
    ///
    /// [`MatchError`], whose text says which argument is wrong, or which commands come close.
    pub fn bind(&self, words: &[String]) -> Result<Matched, MatchError> {
        let called = self
            .iter()
            .filter_map(|spec| bind::rest(&spec.signature, words).map(|rest| (spec, rest)));
        let mut called: Vec<_> = called.collect();
        let leading = |spec: &CommandSpec| spec.signature.leading_words().count();
        let most = called.iter().map(|(spec, _)| leading(spec)).max();
        called.retain(|(spec, _)| Some(leading(spec)) == most);

        let mut failure: Option<(usize, MatchError)> = None;
        for (spec, rest) in called {
            match bind::bind(&spec.signature, &rest) {
                Ok(args) => return Ok(Matched { spec: Arc::clone(spec), args }),
                Err(error) => {
                    let fits = closest::required_matched(&spec.signature, words, false);
                    if failure.as_ref().is_none_or(|(best, _)| fits > *best) {
                        failure = Some((fits, explain(spec, error)));
                    }
                }
            }
        }
        Err(failure.map_or_else(|| self.unknown(words), |(_, error)| error))
    }

    /// Why no command has these words.
    fn unknown(&self, words: &[String]) -> MatchError {
        match words.first() {
            Some(word) if word.starts_with('-') && word != "--" => {
                MatchError::UnknownOption(short(word, QUOTED_BYTES))
            }
            _ => MatchError::Unknown { closest: closest::usages(self, words) },
        }
    }
}

fn explain(spec: &CommandSpec, error: BindError) -> MatchError {
    MatchError::Arguments {
        rejected: error.rejected,
        reason: error.reason,
        usage: spec.usage(),
        help: spec.help.clone(),
    }
}

#[cfg(test)]
mod tests;
