//! A command under way, in `mgrd` or in a module.

use bytes::Bytes;
use mgrd_command::{Errno, Outcome};
use tracing::{Instrument, Span, debug};

use crate::module::{CommandEvent, CommandRun};

/// A command under way. Dropping it cancels the command.
pub struct Running {
    answer: Answer,
    span: Span,
}

/// Where the answer of a command comes from.
pub(super) enum Answer {
    /// `mgrd` itself, until the outcome is taken.
    Outcome(Option<Outcome>),
    /// A module.
    Module(CommandRun),
}

impl Running {
    /// A command that was started in this span.
    pub(super) fn new(answer: Answer, span: Span) -> Self {
        Self { answer, span }
    }

    /// The next part of the output, or the end.
    pub async fn next(&mut self) -> CommandEvent {
        let event = match &mut self.answer {
            Answer::Outcome(outcome) => CommandEvent::Done(outcome.take().unwrap_or_else(over)),
            Answer::Module(run) => match run.next().instrument(self.span.clone()).await {
                CommandEvent::Done(outcome) => CommandEvent::Done(one_final_newline(outcome)),
                output => output,
            },
        };
        if let CommandEvent::Done(outcome) = &event {
            self.span.in_scope(|| debug!(retval = outcome.retval, "ended"));
        }
        event
    }

    /// Waits for the end. The outcome has all output.
    pub async fn outcome(self) -> Outcome {
        let outcome = match self.answer {
            Answer::Outcome(outcome) => outcome.unwrap_or_else(over),
            Answer::Module(run) => {
                one_final_newline(run.outcome().instrument(self.span.clone()).await)
            }
        };
        self.span.in_scope(|| debug!(retval = outcome.retval, "ended"));
        outcome
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
