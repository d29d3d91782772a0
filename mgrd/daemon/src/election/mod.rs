//! Which manager is active, and who waits.
//!
//! [`Election`] is the contract: campaign, and hold a [`Lease`]. [`FileLock`] keeps it for the
//! managers of one machine that share a data directory. [`Managers`] is what the active one knows
//! of itself and of those that registered with it.

mod contract;
mod file_lock;
mod managers;

pub use contract::{Campaign, Election, ElectionError, Leader, Lease};
pub use file_lock::FileLock;
pub use managers::{Failed, Manager, Managers, Registration, UnknownManager};
