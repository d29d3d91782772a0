//! The durable storage of managers, and the election of the active one.
//!
//! A [`Backend`] is what managers share. Each manager campaigns there. The one that wins
//! gets a [`Lease`], and with the lease it opens the [`Storage`]: text keys, values of bytes,
//! transactions with preconditions, and watches. Each write carries the fencing token of the lease,
//! so that a former active manager cannot write. A standby reads a [`MirrorStorage`], which follows
//! the storage of the active manager.
//!
//! The backend in [`embedded`] serves the managers of one host. Every other backend gets a folder
//! of its own. All of them pass the cases of `conformance`, a module that the feature of the same
//! name adds.
//!
//! This crate does not know what the keys mean. It knows no commands, no modules and no
//! connections.

pub mod archive;
mod backend;
mod batch;
#[cfg(any(test, feature = "conformance"))]
pub mod conformance;
mod content;
mod election;
pub mod embedded;
mod entry;
mod error;
mod image;
mod mirror;
mod page;
mod storage;
mod transaction;
mod usage;
mod watch;

pub use backend::{Backend, Stored};
pub use content::{Content, Known};
pub use election::{Campaign, Election, Leader, Lease, Opening};
pub use entry::{Entry, Key};
pub use error::{BackendError, Cause, CommitError, LeaseLost, StorageFault};
pub use image::Image;
pub use mirror::MirrorStorage;
pub use page::Page;
pub use storage::{Commit, Storage};
pub use transaction::{Committed, Precondition, Transaction};
pub use usage::Usage;
pub use watch::{Change, Watch, WatchEvent};
