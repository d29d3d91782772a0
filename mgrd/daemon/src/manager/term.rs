//! One term of a manager in one role.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::error::ManagerError;
use super::signals::Signals;
use super::watchdog::Watchdog;
use crate::module::Modules;

/// How long the end of a term waits for blocking work, whose results are not used any more.
const RUNTIME_TIMEOUT: Duration = Duration::from_secs(1);

/// A role that runs on its own runtime. When the runtime ends, so do all its tasks and connections.
pub(super) struct Term<T> {
    runtime: Runtime,
    order: watch::Sender<Option<Duration>>,
    task: JoinHandle<Result<T, ManagerError>>,
}

impl<T: Send + 'static> Term<T> {
    /// Begins a term. The role gets its orders, and must end when it is ordered to.
    pub(super) fn begin<F>(
        watchdog: &Watchdog,
        role: impl FnOnce(Orders) -> F,
    ) -> Result<Self, ManagerError>
    where
        F: Future<Output = Result<T, ManagerError>> + Send + 'static,
    {
        // One worker: a command passes through several tasks, and waking another thread for each
        // costs more than the work; the figures, and how far to trust them, are in
        // docs/architecture.md. What computes for long goes to the blocking threads.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(ManagerError::Threads)?;
        let (order, orders) = watch::channel(None);
        runtime.spawn(watchdog.beat("the worker thread"));
        let task = runtime.spawn(role(Orders(orders)));
        Ok(Self { runtime, order, task })
    }

    /// Waits until the term ended by itself. Loses nothing if cancelled.
    pub(super) async fn ended(&mut self) -> Result<T, ManagerError> {
        (&mut self.task).await?
    }

    /// Orders the term to end within `grace`, and waits for it; at once if a signal hurries it.
    /// Returns what it ended with, and whether a signal came.
    pub(super) async fn end(
        &mut self,
        grace: Duration,
        signals: &mut Signals,
    ) -> (Result<T, ManagerError>, bool) {
        self.order.send_replace(Some(grace));
        let mut hurried = false;
        loop {
            tokio::select! {
                ended = self.ended() => return (ended, hurried),
                () = signals.next() => {
                    hurried = true;
                    self.order.send_replace(Some(Duration::ZERO));
                }
            }
        }
    }

    /// Ends whatever is left of it. When this returns, nothing of the term holds anything.
    pub(super) async fn clear(self) {
        let runtime = self.runtime;
        let cleared =
            tokio::task::spawn_blocking(move || runtime.shutdown_timeout(RUNTIME_TIMEOUT));
        // It cannot fail, and nothing could be done about it.
        let _ = cleared.await;
    }
}

/// The orders for a term: to end, and how long its modules may take.
#[derive(Clone)]
pub(super) struct Orders(watch::Receiver<Option<Duration>>);

impl Orders {
    /// Waits for the order to end; returns the grace.
    pub(super) async fn end(&mut self) -> Duration {
        let order = self.0.wait_for(Option::is_some).await;
        order.ok().and_then(|order| *order).unwrap_or_default()
    }

    /// Waits for the order to end at once.
    async fn hurry(&mut self) {
        // The sender is dropped only when no task waits for the end.
        let _ = self.0.wait_for(|order| *order == Some(Duration::ZERO)).await;
    }

    /// Ends all modules within `grace`, or at once if that is ordered.
    pub(super) async fn end_modules(&mut self, modules: &Modules, grace: Duration) {
        tokio::select! {
            () = modules.shutdown(grace) => {}
            () = self.hurry() => modules.shutdown(Duration::ZERO).await,
        }
    }
}
