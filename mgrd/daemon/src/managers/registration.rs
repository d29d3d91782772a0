//! The registration of a standby.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::watch;

use super::standbys::Standbys;

/// The registration of a standby. Dropping it ends it.
pub struct Registration {
    pub(super) standbys: Arc<Standbys>,
    pub(super) id: String,
    pub(super) number: u64,
    pub(super) drops: watch::Receiver<bool>,
}

impl Registration {
    /// Keeps what the standby's modules offer.
    pub fn set_modules(&self, available: Value) {
        self.standbys.set_modules(&self.id, self.number, available);
    }

    /// Waits until the registration was dropped by an operator, or taken over.
    pub async fn dropped(&mut self) {
        // Both send, or drop the sender.
        let _ = self.drops.wait_for(|dropped| *dropped).await;
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        self.standbys.remove(&self.id, self.number);
    }
}
