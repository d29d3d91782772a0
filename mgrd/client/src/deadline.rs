//! How long the manager may take to begin its answer to a call.
//!
//! It begins as soon as it has accepted the call, however long a command then takes. So this limits
//! the manager and not the command.

use std::path::PathBuf;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tower::{BoxError, Service};

/// The manager has not begun to answer in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the manager at {} has not begun to answer within {} s", path.display(), limit.as_secs())]
pub(super) struct Silent {
    pub(super) path: PathBuf,
    pub(super) limit: Duration,
}

/// Calls whose answers must begin in time.
#[derive(Clone, Debug)]
pub(super) struct Deadline<S> {
    calls: S,
    /// The error of a call that takes too long; none if it may take any time.
    silent: Option<Silent>,
}

impl<S> Deadline<S> {
    /// Calls to the manager at `path`. A limit of zero is none.
    pub(super) fn new(calls: S, path: PathBuf, limit: Duration) -> Self {
        let silent = Some(Silent { path, limit }).filter(|_| !limit.is_zero());
        Self { calls, silent }
    }
}

impl<S, R> Service<R> for Deadline<S>
where
    S: Service<R, Error: Into<BoxError>, Future: Send + 'static>,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.calls.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: R) -> Self::Future {
        let (answer, silent) = (self.calls.call(request), self.silent.clone());
        Box::pin(async move {
            let Some(silent) = silent else { return answer.await.map_err(Into::into) };
            match tokio::time::timeout(silent.limit, answer).await {
                Ok(answer) => answer.map_err(Into::into),
                Err(_) => Err(silent.into()),
            }
        })
    }
}

#[cfg(test)]
mod tests;
