//! How managers decide which of them is active.

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::error::{BackendError, LeaseLost};
use super::storage::Storage;

/// A manager that leads, or wants to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The manager's name.
    pub id: String,
    /// A number that differs from campaign to campaign.
    pub instance: u64,
    /// Where it serves clients and standbys while it leads, in the words of the transport.
    #[serde(alias = "socket")]
    pub address: String,
}

/// A campaign under way: it ends when the election is won. Dropping it gives up.
pub type Campaign = BoxFuture<'static, Result<Box<dyn Lease>, BackendError>>;

/// Decides which of several managers is active.
pub trait Election: Send + Sync {
    /// Campaigns for a manager.
    fn campaign(&self, candidate: &Leader) -> Campaign;

    /// Who leads, as far as it was published. This may be out of date.
    fn leader(&self) -> Option<Leader>;
}

/// The opening of a storage under way. Dropping it gives up.
pub type Opening<'a> = BoxFuture<'a, Result<Box<dyn Storage>, BackendError>>;

/// An election that was won. Dropping it lets another candidate win.
pub trait Lease: Send + Sync {
    /// Opens the storage for the holder of this lease.
    ///
    /// Each write carries the fencing token of the lease. Once a later holder has opened the
    /// storage, the writes of an earlier one fail. A former holder that still closes the storage
    /// is waited for, within limits.
    fn open_storage(&self) -> Opening<'_>;

    /// Waits until the lease is lost without being given up. Its holder must then stop at once.
    fn lost(&self) -> BoxFuture<'_, LeaseLost>;
}
