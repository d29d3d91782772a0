//! The size of one command, which is checked before any other code reads the command.

use mgrd_command::{CommandError, Errno};
use mgrd_proto::v1::execute_command::Command;

use super::limits::ClientLimits;
use crate::router::Wanted;

/// Why a command is too large.
#[derive(Debug, thiserror::Error)]
pub(super) enum TooLarge {
    #[error(
        "the command has {words} words, at most {limit} are allowed (limits.client.command_words); \
         put the data into a file and send it with '-i FILE'"
    )]
    Words { words: usize, limit: usize },
    #[error(
        "the command has {bytes} bytes, at most {limit} are allowed (limits.client.command_bytes); \
         put the data into a file and send it with '-i FILE'"
    )]
    Bytes { bytes: usize, limit: usize },
    #[error(
        "the JSON of the command has {bytes} bytes, at most {limit} are allowed \
         (limits.client.command_bytes); send the data as the input of the command"
    )]
    Json { bytes: usize, limit: usize },
}

impl CommandError for TooLarge {
    fn errno(&self) -> Errno {
        Errno::E2BIG
    }
}

/// The command that a client wants.
pub(super) fn wanted(limits: &ClientLimits, command: Option<Command>) -> Result<Wanted, TooLarge> {
    match command {
        Some(Command::Words(words)) => {
            check_words(limits, &words.words)?;
            Ok(Wanted::Words(words.words))
        }
        Some(Command::Json(json)) => {
            check_json(limits, &json)?;
            Ok(Wanted::Json(json))
        }
        None => Ok(Wanted::Words(Vec::new())),
    }
}

/// Refuses a command whose JSON is too large.
pub(super) fn check_json(limits: &ClientLimits, json: &[u8]) -> Result<(), TooLarge> {
    let (bytes, limit) = (json.len(), limits.command_bytes);
    if bytes <= limit { Ok(()) } else { Err(TooLarge::Json { bytes, limit }) }
}

fn check_words(limits: &ClientLimits, words: &[String]) -> Result<(), TooLarge> {
    let (count, limit) = (words.len(), limits.command_words);
    if count > limit {
        return Err(TooLarge::Words { words: count, limit });
    }
    let (bytes, limit) = (words.iter().map(String::len).sum(), limits.command_bytes);
    if bytes <= limit { Ok(()) } else { Err(TooLarge::Bytes { bytes, limit }) }
}

#[cfg(test)]
mod tests;
