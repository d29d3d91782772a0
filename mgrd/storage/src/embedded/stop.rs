//! A request to stop.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// A request to stop work that takes long. A clone is the same request.
#[derive(Clone, Debug, Default)]
pub(super) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Makes the request.
    pub(super) fn ask(&self) {
        self.0.store(true, SeqCst);
    }

    /// Whether it was made.
    pub(super) fn is_asked(&self) -> bool {
        self.0.load(SeqCst)
    }

    /// Fails if it was made.
    pub(super) fn check(&self) -> io::Result<()> {
        match self.is_asked() {
            true => Err(io::Error::other("the storage is closing")),
            false => Ok(()),
        }
    }
}
