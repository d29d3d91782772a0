//! Answers that may be large: they are rendered beside the worker thread, and few at the same time.

use mgrd_command::{Errno, Outcome};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Answer, Request};
use crate::message_bytes::MOST;

/// Each may take several times the size of its text, so no more of them take memory at once.
pub(super) static TURNS: Semaphore = Semaphore::const_new(ALL_TURNS);
pub(super) const ALL_TURNS: usize = 2;

/// What `render` makes, when it is its turn.
pub(super) async fn rendered(render: impl FnOnce() -> Outcome + Send + 'static) -> Outcome {
    let turn = TURNS.acquire().await;
    let work = move || {
        // It goes on even if the client has left, and so keeps its turn.
        let _turn = turn;
        bounded(render())
    };
    let failed = |why| Outcome::error(Errno::EIO, format!("cannot render the answer: {why}"));
    spawn_blocking(work).await.unwrap_or_else(failed)
}

/// The answer of a command that only reads, and may render much.
pub(super) fn beside<C: Clone + Send + 'static, A: Into<Outcome> + 'static>(
    state: &C,
    request: &Request,
    answer: fn(&C, &Request) -> A,
) -> Answer<'static> {
    let (state, request) = (state.clone(), request.clone());
    Box::pin(rendered(move || answer(&state, &request).into()))
}

fn bounded(outcome: Outcome) -> Outcome {
    match outcome.stdout.len() {
        bytes if bytes > MOST => Outcome::error(
            Errno::E2BIG,
            format!(
                "the answer has {bytes} bytes, and at most {MOST} fit into one; ask for less at once"
            ),
        ),
        _ => outcome,
    }
}
