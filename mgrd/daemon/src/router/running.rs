//! A command under way, in `mgrd` or in a module.

use bytes::Bytes;
use mgrd_command::{Errno, Outcome};

use crate::module::{CommandEvent, CommandRun};

/// A command under way. Dropping it cancels the command.
pub enum Running {
    /// `mgrd` answered itself.
    Answered(Option<Outcome>),
    /// A module answers.
    Module(CommandRun),
}

impl Running {
    /// The next part of the output, or the end.
    pub async fn next(&mut self) -> CommandEvent {
        match self {
            Self::Answered(outcome) => CommandEvent::Done(outcome.take().unwrap_or_else(over)),
            Self::Module(run) => match run.next().await {
                CommandEvent::Done(outcome) => CommandEvent::Done(one_final_newline(outcome)),
                output => output,
            },
        }
    }

    /// Waits for the end; all output is in it.
    pub async fn outcome(self) -> Outcome {
        match self {
            Self::Answered(outcome) => outcome.unwrap_or_else(over),
            Self::Module(run) => one_final_newline(run.outcome().await),
        }
    }
}

fn over() -> Outcome {
    Outcome::error(Errno::EIO, "the command has ended already")
}

/// Modules' output ends with exactly one newline, or is empty.
fn one_final_newline(mut outcome: Outcome) -> Outcome {
    let end = outcome.stdout.iter().rposition(|&byte| byte != b'\n').map_or(0, |last| last + 1);
    let newlines = outcome.stdout.len() - end;
    if end == 0 {
        outcome.stdout = Bytes::new();
    } else if newlines == 0 {
        let mut text = Vec::with_capacity(end + 1);
        text.extend_from_slice(&outcome.stdout);
        text.push(b'\n');
        outcome.stdout = text.into();
    } else {
        outcome.stdout.truncate(end + 1);
    }
    outcome
}

#[cfg(test)]
mod tests;
