//! The lease of the active manager, which opens the storage.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::error::FileError;
use super::lock::HeldLock;
use super::place::Place;
use super::policy::EmbeddedPolicy;
use super::storage::EmbeddedStorage;
use crate::content::Known;
use crate::election::{Lease, Opening};
use crate::error::{BackendError, LeaseLost};
use crate::storage::Storage;

/// The lease of the manager that holds the lock.
#[derive(Debug)]
pub(super) struct EmbeddedLease {
    pub(super) lock: HeldLock,
    pub(super) place: Arc<Place>,
    pub(super) policy: EmbeddedPolicy,
}

impl Lease for EmbeddedLease {
    fn open_storage(&self, known: Known) -> Opening<'_> {
        Box::pin(async {
            let storage = self.open_when_closed(known).await.map_err(BackendError::new)?;
            Ok(Box::new(storage) as Box<dyn Storage>)
        })
    }

    fn lost(&self) -> BoxFuture<'_, LeaseLost> {
        let interval = self.policy.lock_check_interval;
        let watch = async move {
            loop {
                // It keeps and logs what it finds.
                let _ = self.place.check();
                if let Some(why) = self.place.refuted() {
                    return LeaseLost::new(why);
                }
                sleep(interval).await;
            }
        };
        Box::pin(async move {
            tokio::select! {
                lost = self.lock.lost(interval) => LeaseLost::new(lost),
                lost = watch => lost,
            }
        })
    }
}

impl EmbeddedLease {
    /// Opens the file, which begins a new epoch. It waits while a former holder of the lease still has
    /// the file open.
    async fn open_when_closed(&self, known: Known) -> Result<EmbeddedStorage, FileError> {
        let until = Instant::now() + self.policy.former_leader_timeout;
        let mut waits = false;
        loop {
            let (place, known) = (Arc::clone(&self.place), known.clone());
            match spawn_blocking(move || EmbeddedStorage::open(&place, known)).await {
                Ok(Err(FileError::Locked { .. })) if Instant::now() < until => {
                    if !std::mem::replace(&mut waits, true) {
                        tracing::warn!("waits until another process closes the storage");
                    }
                }
                Ok(opened) => return opened,
                Err(broken) => {
                    let (path, source) = (self.place.path().to_owned(), broken.into());
                    return Err(FileError::Io { path, source });
                }
            }
            sleep(self.policy.former_leader_check_interval).await;
        }
    }
}
