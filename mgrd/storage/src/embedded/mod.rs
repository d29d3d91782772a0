//! The backend for the managers of one host: a data directory with a storage file and a lock file.
//!
//! The file is a database that one process has open, and that one thread writes; see `writer`.

mod archive;
mod device;
mod durable;
mod error;
mod examine;
mod file;
mod lease;
mod lock;
mod source;
mod storage;
mod tables;
mod trial;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

pub use archive::{ArchiveError, CheckReport, LineError, check, export, import};
pub use error::{Damage, FileError};
pub use storage::EmbeddedStorage;

use crate::backend::Backend;
use crate::election::{Campaign, Election, Leader, Lease};
use crate::error::BackendError;
use lease::EmbeddedLease;
use lock::LockFile;

/// The storage, inside the data directory.
const STORAGE_FILE: &str = "mgrd.redb";
/// The file whose lock the leader holds, inside the data directory.
const LOCK_FILE: &str = "lock";

/// How long the embedded backend waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddedPolicy {
    /// How often the leader checks that its lock file is still in place.
    pub lock_check_interval: Duration,
    /// How long a former leader that lost its lease may take to close the storage.
    pub former_leader_timeout: Duration,
    /// How often the next leader checks whether the storage is closed.
    pub former_leader_check_interval: Duration,
}

impl Default for EmbeddedPolicy {
    fn default() -> Self {
        Self {
            lock_check_interval: Duration::from_millis(500),
            former_leader_timeout: Duration::from_secs(15),
            former_leader_check_interval: Duration::from_millis(100),
        }
    }
}

/// The backend in a data directory.
#[derive(Clone, Debug)]
pub struct EmbeddedBackend {
    data_dir: PathBuf,
    place: String,
    policy: EmbeddedPolicy,
}

impl EmbeddedBackend {
    /// The backend in `data_dir`, which must exist.
    #[must_use]
    pub fn new(data_dir: &Path, policy: EmbeddedPolicy) -> Self {
        let place = format!("data directory '{}'", data_dir.display());
        Self { data_dir: data_dir.to_owned(), place, policy }
    }

    fn lock_file(&self) -> LockFile {
        LockFile::new(self.data_dir.join(LOCK_FILE))
    }
}

impl Backend for EmbeddedBackend {
    fn place(&self) -> &str {
        &self.place
    }

    fn spans_hosts(&self) -> bool {
        false
    }
}

impl Election for EmbeddedBackend {
    fn campaign(&self, candidate: &Leader) -> Campaign {
        let acquired = self.lock_file().acquire(candidate.clone());
        let (storage_file, policy) = (storage_file(&self.data_dir), self.policy.clone());
        Box::pin(async move {
            let lock = acquired.await.map_err(BackendError::new)?;
            Ok(Box::new(EmbeddedLease { lock, storage_file, policy }) as Box<dyn Lease>)
        })
    }

    fn leader(&self) -> Option<Leader> {
        self.lock_file().leader()
    }
}

fn storage_file(data_dir: &Path) -> PathBuf {
    data_dir.join(STORAGE_FILE)
}

#[cfg(test)]
mod tests;
