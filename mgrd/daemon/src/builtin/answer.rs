//! The answer of a built-in command.

use std::future::ready;
use std::pin::Pin;

use mgrd_command::Outcome;

/// The future that a built-in command returns.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// The answer of a command that does not wait.
pub(super) fn now<'a>(answer: impl Into<Outcome>) -> Answer<'a> {
    Box::pin(ready(answer.into()))
}

/// The answer of a command that waits.
pub(super) fn later<'a, A: Into<Outcome>>(
    answer: impl Future<Output = A> + Send + 'a,
) -> Answer<'a> {
    Box::pin(async { answer.await.into() })
}
