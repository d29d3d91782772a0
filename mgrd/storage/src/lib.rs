//! Where options, the store and everything else that must survive is kept.
//!
//! [`Storage`] is the contract: text keys, values of bytes, transactions with preconditions, and
//! watches. [`EmbeddedStorage`] keeps it in one file, [`MirrorStorage`] follows another manager's.
//! Nothing here knows what the keys mean: no commands, no modules, no connections.

mod archive;
mod contract;
mod device;
mod durable;
mod embedded;
mod error;
mod file;
mod image;
mod mirror;
mod tables;
mod transaction;
mod trial;
mod watch;
mod writer;

#[cfg(test)]
mod tests;

pub use archive::{ArchiveError, CheckReport, check, export, import};
pub use contract::{Commit, Entry, Key, Storage};
pub use embedded::EmbeddedStorage;
pub use error::{CommitError, OpenError, StorageFault};
pub use image::Content;
pub use mirror::MirrorStorage;
pub use transaction::{Committed, Op, Precondition, Transaction};
pub use watch::{Change, Watch, WatchEvent};
