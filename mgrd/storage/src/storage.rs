//! The contract that every storage keeps.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::content::Content;
use super::entry::{Entry, Key};
use super::error::{CommitError, StorageFault};
use super::image::Image;
use super::page::Page;
use super::transaction::{Committed, Transaction};
use super::usage::Usage;
use super::watch::Watch;

/// A commit under way.
pub type Commit<'a> = BoxFuture<'a, Result<Committed, CommitError>>;

/// Keys and values that outlive the process.
///
/// Reads are plain calls and not futures, because every implementation keeps an [`Image`] in memory,
/// and the image serves them. It shows each commit as a whole, before the commit is acknowledged. A
/// storage on another machine updates its image by a watch, and acknowledges a commit after the image
/// shows it.
pub trait Storage: Send + Sync {
    /// The content in memory.
    fn image(&self) -> &Image;

    /// Writes a transaction as a whole or not at all. The answer comes when it is durable.
    ///
    /// Waits while too many commits are under way. If the future is dropped, the transaction may
    /// or may not be written.
    fn commit(&self, transaction: Transaction) -> Commit<'_>;

    /// The fencing token that each write carries. It is greater than that of any earlier opening
    /// that wrote anything.
    fn epoch(&self) -> u64;

    /// A random number that stands for the history of what is stored; 0 if it is not known. Two contents of
    /// the same origin and revision are the same. A revision alone says nothing: after an older file
    /// was put in place, the same revisions come again.
    fn origin(&self) -> u64;

    /// Why the last write failed, if it did. Reads still work.
    fn health(&self) -> Option<StorageFault>;

    /// For how long writes have been waiting until the storage is verified; none if they do not.
    fn verifying(&self) -> Option<Duration> {
        None
    }

    /// Bytes of the smallest write that was refused in the last minute because it did not fit, although
    /// smaller ones may; none if one of that size has fitted since.
    fn no_room(&self) -> Option<usize> {
        None
    }

    /// Accepts no more writes, ends all watches, and waits until the accepted writes are durable
    /// and the storage is closed, so that the next leader can open it.
    fn close(&self) -> BoxFuture<'_, ()>;

    /// The value of `key`.
    fn get(&self, key: &str) -> Option<Entry> {
        self.image().get(key)
    }

    /// All keys that begin with `prefix`, in order, as of one revision.
    fn range(&self, prefix: &str) -> Vec<(Key, Entry)> {
        self.image().range(prefix)
    }

    /// The keys after `after` that begin with `prefix`, in order, as of one revision: as many as
    /// have about `bytes` bytes together, and at least one if there is any. An empty `after` starts
    /// at the first key.
    fn page(&self, prefix: &str, after: &str, bytes: usize) -> Page {
        self.image().page(prefix, after, bytes)
    }

    /// The usage of the keys that begin with `folder`. A folder is one part or two, with a `/`
    /// after each, such as `mgr/hello/`; the empty one has all keys. The cost does not depend on the number of
    /// keys.
    fn usage(&self, folder: &str) -> Usage {
        self.image().usage(folder)
    }

    /// The whole content, as of one revision.
    fn content(&self) -> Content {
        self.image().content()
    }

    /// The changes, from now on, of all keys that begin with `prefix`.
    ///
    /// Watch first, then read: a change that the read shows may come again, but none is missed.
    fn watch(&self, prefix: &str) -> Watch {
        self.image().watch(prefix)
    }

    /// The revision of the last commit. It grows by one with each commit that changes anything.
    fn revision(&self) -> u64 {
        self.image().revision()
    }
}
