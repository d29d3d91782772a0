//! How a built-in command answers.

use std::future::ready;
use std::pin::Pin;

use mgrd_command::Outcome;

/// A future that a built-in's handler returns.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// The answer of a command that needs no waiting.
pub(super) fn now<'a>(answer: impl Into<Outcome>) -> Answer<'a> {
    Box::pin(ready(answer.into()))
}

/// The answer of a command that has to wait.
pub(super) fn later<'a, A: Into<Outcome>>(
    answer: impl Future<Output = A> + Send + 'a,
) -> Answer<'a> {
    Box::pin(async { answer.await.into() })
}
