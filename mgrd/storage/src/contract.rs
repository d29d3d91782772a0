//! The contract that every storage keeps.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::BoxFuture;

use super::error::{CommitError, StorageFault};
use super::image::Content;
use super::transaction::{Committed, Transaction};
use super::watch::Watch;

/// A key: text, with `/` between its parts by convention.
pub type Key = Arc<str>;

/// A value and the revision that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub value: Bytes,
    /// The revision of the commit that wrote it.
    pub revision: u64,
}

/// What [`Storage::commit`] returns.
pub type Commit<'a> = BoxFuture<'a, Result<Committed, CommitError>>;

/// Keys and values that outlive the process.
///
/// Reads are plain calls, not futures: every implementation keeps an image in memory that shows
/// each commit, whole, from before the moment it is acknowledged. A storage on another machine
/// feeds its image by a watch and acknowledges once the image has caught up.
pub trait Storage: Send + Sync {
    /// The value of `key`.
    fn get(&self, key: &str) -> Option<Entry>;

    /// All keys that begin with `prefix`, in order, as of one revision.
    fn range(&self, prefix: &str) -> Vec<(Key, Entry)>;

    /// Everything, and the revision that it stands for.
    fn content(&self) -> Content;

    /// Writes a transaction, whole or not at all; the answer comes when it is durable.
    ///
    /// Waits while too many commits are under way. Dropping the future may or may not leave the
    /// transaction written.
    fn commit(&self, transaction: Transaction) -> Commit<'_>;

    /// The changes, from now on, of all keys that begin with `prefix`.
    ///
    /// Watch first, then read: what the read shows may come again, but nothing is missed.
    fn watch(&self, prefix: &str) -> Watch;

    /// The revision of the last commit: it grows by one with each that changed anything.
    fn revision(&self) -> u64;

    /// The number of this opening of the storage: greater than that of any before it.
    fn epoch(&self) -> u64;

    /// Why the last write failed, if it did. Reads go on.
    fn health(&self) -> Option<StorageFault>;
}
