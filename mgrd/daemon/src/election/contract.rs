//! The contract that every election keeps.

use std::io;
use std::path::PathBuf;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

/// A candidate, and where it is reached once it leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The manager's name.
    pub id: String,
    /// Tells its candidatures apart.
    pub instance: u64,
    /// The socket that it serves clients and standbys on while it leads.
    pub socket: PathBuf,
}

/// A candidature: it ends when the election is won. Dropping it gives up.
pub type Campaign = BoxFuture<'static, Result<Box<dyn Lease>, ElectionError>>;

/// Decides which of several managers is active.
///
/// It only decides; what keeps a former active manager from writing is the storage, each of whose
/// commits carries the epoch of the manager that opened it.
pub trait Election: Send + Sync {
    /// Stands as a candidate.
    fn campaign(&self, candidate: &Leader) -> Campaign;

    /// Who leads, as far as that was published; what was published may be out of date.
    fn leader(&self) -> Option<Leader>;
}

/// An election that was won. Dropping it lets another candidate win.
pub trait Lease: Send + Sync {
    /// Waits until the lease is no longer held although nobody gave it up; then its holder must
    /// stop at once. The text says why.
    fn lost(&self) -> BoxFuture<'_, String>;
}

/// Why an election cannot be held.
#[derive(Debug, thiserror::Error)]
pub enum ElectionError {
    /// The system refused.
    #[error("cannot use the lock file {}: {source}; check the data directory and its owner", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}
