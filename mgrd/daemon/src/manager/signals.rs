//! The requests to end: SIGTERM and SIGINT.
//!
//! A separate thread takes them and waits for nothing else. The first one is passed on, and the
//! second one, which hurries; if `mgrd` still does not end, the thread ends it.

use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::error;

use super::error::ManagerError;

/// The first request, and the second.
const PASSED_ON: usize = 2;

/// The requests that were passed on.
pub(super) struct Signals(mpsc::Receiver<()>);

impl Signals {
    /// Those from now on. Calls `exit` if `mgrd` has not ended `grace` after the second one, or
    /// when a third one comes.
    pub(super) fn watch(
        grace: Duration,
        exit: impl FnOnce() + Send + 'static,
    ) -> Result<Self, ManagerError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(ManagerError::Threads)?;
        let mut requests = {
            let _inside = runtime.enter();
            Requests::watch().map_err(ManagerError::Signals)?
        };
        let (passed_on, signals) = mpsc::channel(PASSED_ON);
        let watch = async move {
            for _ in 0..PASSED_ON {
                requests.next().await;
                // The channel has room for all.
                let _ = passed_on.try_send(());
            }
            if timeout(grace, requests.next()).await.is_err() {
                error!("mgrd does not end within {} s; it exits now", grace.as_secs_f32());
            }
            exit();
        };
        let thread = thread::Builder::new().name("signals".into());
        let spawned = thread.spawn(move || runtime.block_on(watch));
        spawned.map_err(ManagerError::Threads)?;
        Ok(Self(signals))
    }

    /// The next one.
    pub(super) async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            // All were passed on.
            std::future::pending::<()>().await;
        }
    }
}

/// What the kernel delivers.
struct Requests {
    terminate: Signal,
    interrupt: Signal,
}

impl Requests {
    fn watch() -> std::io::Result<Self> {
        let (terminate, interrupt) = (SignalKind::terminate(), SignalKind::interrupt());
        Ok(Self { terminate: signal(terminate)?, interrupt: signal(interrupt)? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
