//! Runs the module's code in tasks, and turns a panic in it into an error.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;
use tokio::task::{JoinError, JoinHandle};
use tracing::instrument::WithSubscriber;

use crate::{Errno, Error, Result};

/// Runs work of the module beside the session. Its log goes where the session's log goes, which in
/// a test is not where the rest of the process logs.
pub(crate) fn spawn<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> JoinHandle<T> {
    tokio::spawn(work.with_current_subscriber())
}

/// Runs the module's code; a panic in it becomes an error.
pub(crate) async fn guarded<T>(running: impl Future<Output = Result<T>>) -> Result<T> {
    AssertUnwindSafe(running).catch_unwind().await.unwrap_or_else(|payload| {
        Err(Error::new(Errno::EIO, format!("it panicked: {}", panic_message(&*payload))))
    })
}

/// Why a task ended without a result.
pub(crate) fn failure(error: JoinError) -> String {
    match error.try_into_panic() {
        Ok(payload) => format!("it panicked: {}", panic_message(&*payload)),
        Err(error) => error.to_string(),
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
        .to_owned()
}
