//! The lease of the active manager, which opens the storage.

use std::path::PathBuf;

use futures_util::future::BoxFuture;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};

use super::error::FileError;
use super::lock::HeldLock;
use super::policy::EmbeddedPolicy;
use super::storage::EmbeddedStorage;
use crate::election::{Lease, Opening};
use crate::error::{BackendError, LeaseLost};
use crate::storage::Storage;

/// The lease of the manager that holds the lock.
#[derive(Debug)]
pub(super) struct EmbeddedLease {
    pub(super) lock: HeldLock,
    pub(super) storage_file: PathBuf,
    pub(super) policy: EmbeddedPolicy,
}

impl Lease for EmbeddedLease {
    fn open_storage(&self) -> Opening<'_> {
        Box::pin(async {
            let storage = self.open_when_closed().await.map_err(BackendError::new)?;
            Ok(Box::new(storage) as Box<dyn Storage>)
        })
    }

    fn lost(&self) -> BoxFuture<'_, LeaseLost> {
        let lost = self.lock.lost(self.policy.lock_check_interval);
        Box::pin(async { LeaseLost::new(lost.await) })
    }
}

impl EmbeddedLease {
    /// Opens the file, which begins a new epoch. It waits while a former holder of the lease still has
    /// the file open.
    async fn open_when_closed(&self) -> Result<EmbeddedStorage, FileError> {
        let until = Instant::now() + self.policy.former_leader_timeout;
        let mut waits = false;
        loop {
            let path = self.storage_file.clone();
            match spawn_blocking(move || EmbeddedStorage::open(&path)).await {
                Ok(Err(FileError::Locked { .. })) if Instant::now() < until => {
                    if !std::mem::replace(&mut waits, true) {
                        tracing::warn!("waits until another process closes the storage");
                    }
                }
                Ok(opened) => return opened,
                Err(broken) => {
                    let (path, source) = (self.storage_file.clone(), broken.into());
                    return Err(FileError::Io { path, source });
                }
            }
            sleep(self.policy.former_leader_check_interval).await;
        }
    }
}
