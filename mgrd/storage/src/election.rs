//! The election of the active manager.

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use super::content::Known;
use super::error::{BackendError, LeaseLost};
use super::storage::Storage;

/// A manager that leads, or wants to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// The manager's name.
    pub id: String,
    /// A number that differs from campaign to campaign.
    pub instance: u64,
    /// The address at which it serves clients and standbys while it leads, as the transport writes it.
    #[serde(alias = "socket")]
    pub address: String,
}

/// A campaign under way: it ends when the election is won. Dropping it gives up.
pub type Campaign = BoxFuture<'static, Result<Box<dyn Lease>, BackendError>>;

/// Decides which of several managers is active.
pub trait Election: Send + Sync {
    /// Campaigns for a manager.
    fn campaign(&self, candidate: &Leader) -> Campaign;

    /// The leader that was last published. It may be out of date.
    fn leader(&self) -> Option<Leader>;
}

/// The opening of a storage under way. Dropping it gives up.
pub type Opening<'a> = BoxFuture<'a, Result<Box<dyn Storage>, BackendError>>;

/// The result of a won election. Dropping it lets another candidate win.
pub trait Lease: Send + Sync {
    /// Opens the storage for the holder of this lease. `known` is what the holder has of it as a
    /// standby. With it, a backend may open faster and with less memory. What is stored decides: if that
    /// turns out to be something else, the lease is lost.
    ///
    /// Each write carries the fencing token of the lease. Once a later holder has opened the
    /// storage, the writes of an earlier one fail. It waits, within limits, for a former holder that
    /// still closes the storage.
    fn open_storage(&self, known: Known) -> Opening<'_>;

    /// Waits until the lease is lost. Its holder must then stop at once.
    fn lost(&self) -> BoxFuture<'_, LeaseLost>;
}
