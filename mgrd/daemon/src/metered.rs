//! Work whose time on the worker thread counts for a caller, also in tasks that the work starts, and its writes.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use futures_util::future::Either;

/// Counts time and writes for one caller.
pub(crate) trait Meter: Send + Sync {
    /// Counts the time since `start`.
    fn charge(&self, start: Instant);

    /// The caller has answered a client.
    fn answered(&self);

    /// A write for the caller begins.
    fn begins_write(&self);

    /// A write that began at `start` ends.
    fn ends_write(&self, start: Instant);
}

tokio::task_local! {
    /// For whom the worker thread works now.
    static METER: Arc<dyn Meter>;
}

/// A future whose time counts, that of its end included.
pub(crate) struct Metered<F> {
    /// None at its end.
    work: Option<Pin<Box<F>>>,
    meter: Arc<dyn Meter>,
}

/// Has the time of `work` count for this caller.
pub(crate) fn metered<F: Future>(work: F, meter: Arc<dyn Meter>) -> Metered<F> {
    Metered { work: Some(Box::pin(work)), meter }
}

/// Has the time of `work`, which becomes a task of its own, count for the caller of the current work.
pub(crate) fn inherited<F: Future>(work: F) -> impl Future<Output = F::Output> {
    match METER.try_get() {
        Ok(meter) => Either::Left(metered(work, meter)),
        Err(_) => Either::Right(work),
    }
}

/// The caller of the current work has answered a client with it.
pub(crate) fn answered() {
    // Work that does not count belongs to no caller.
    let _ = METER.try_with(|meter| meter.answered());
}

/// Has a write count for the caller of the current work, until it ends or is dropped.
pub(crate) async fn writing<F: Future>(write: F) -> F::Output {
    // Work that does not count belongs to no caller.
    let _under_way = METER.try_with(|meter| Write::new(Arc::clone(meter)));
    write.await
}

/// A write under way.
struct Write {
    start: Instant,
    meter: Arc<dyn Meter>,
}

impl Write {
    fn new(meter: Arc<dyn Meter>) -> Self {
        meter.begins_write();
        Self { start: Instant::now(), meter }
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        self.meter.ends_write(self.start);
    }
}

impl<F: Future> Future for Metered<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let Self { work: Some(work), meter } = self.get_mut() else { return Poll::Pending };
        let start = Instant::now();
        let polled = METER.sync_scope(Arc::clone(meter), || work.as_mut().poll(cx));
        meter.charge(start);
        polled
    }
}

impl<F> Drop for Metered<F> {
    fn drop(&mut self) {
        let start = Instant::now();
        drop(self.work.take());
        self.meter.charge(start);
    }
}

#[cfg(test)]
mod tests;
