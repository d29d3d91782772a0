//! What the errors of the command line leave out.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};

/// Shown for a word that is not a subcommand of `mgrd` itself.
const HOW_TO_RUN: &str =
    "the subcommands are 'storage' and 'help'; without one, mgrd runs the manager";

/// Completes an error: it names the variable if that has the invalid value, and says how to run the
/// manager if a word is not a subcommand.
pub(super) fn complete(mut error: Error, command: &Command, words: &[OsString]) -> Error {
    if let Some(variable) = invalid_variable(&error, command, words) {
        error.insert(ContextKind::InvalidArg, ContextValue::String(variable));
    }
    let of_mgrd = !words.iter().any(|word| command.find_subcommand(word).is_some());
    if of_mgrd && error.get(ContextKind::InvalidSubcommand).is_some() {
        error.remove(ContextKind::SuggestedSubcommand);
        let tip = ContextValue::StyledStrs(vec![StyledStr::from(HOW_TO_RUN)]);
        error.insert(ContextKind::Suggested, tip);
    }
    error
}

/// The variable whose value is invalid: that of the setting in the error, if no word is its flag.
fn invalid_variable(error: &Error, command: &Command, words: &[OsString]) -> Option<String> {
    let Some(ContextValue::String(setting)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let arg = command.get_arguments().find(|arg| arg.to_string() == *setting)?;
    let flag = format!("--{}", arg.get_long()?);
    let mut given = words.iter().filter_map(|word| word.to_str());
    if given.any(|word| word.split('=').next() == Some(&*flag)) {
        return None;
    }
    arg.get_env()?.to_str().map(str::to_owned)
}
