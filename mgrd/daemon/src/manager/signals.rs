//! Who asks `mgrd` to end.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::error::DaemonError;

/// SIGTERM and SIGINT.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Those from now on.
    pub(super) fn watch() -> Result<Self, DaemonError> {
        let watch = |kind| signal(kind).map_err(DaemonError::Signals);
        Ok(Self {
            terminate: watch(SignalKind::terminate())?,
            interrupt: watch(SignalKind::interrupt())?,
        })
    }

    /// The next one.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
