//! The errors of a backend and of a commit.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::entry::Key;

/// An error that several other errors share: several writes may fail for the same reason.
///
/// Two are equal if their texts are.
#[derive(Clone, Debug)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// Makes an error that can be shared.
    #[must_use]
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Cause {}

/// Why a backend cannot be used. The text names the backend, the reason and the next step.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct BackendError(Cause);

impl BackendError {
    /// Wraps the error of a backend.
    #[must_use]
    pub fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Cause::new(error))
    }
}

/// Why a manager may no longer lead.
#[derive(Clone, Debug, thiserror::Error)]
#[error(transparent)]
pub struct LeaseLost(Cause);

impl LeaseLost {
    /// Wraps the reason that a backend gives.
    #[must_use]
    pub fn new(reason: impl Error + Send + Sync + 'static) -> Self {
        Self(Cause::new(reason))
    }
}

/// Why the last write to a storage failed. Reads still work.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageFault {
    /// The disk is full.
    #[error(
        "no space left for storage '{name}': reads still work, writes fail; \
         free some space, the next write tries again"
    )]
    Full {
        /// The name of the storage.
        name: String,
    },
    /// A write failed.
    #[error(
        "cannot write to storage '{name}': {source}; reads still work, writes fail; \
         check the disk, the next write tries again"
    )]
    Write {
        /// The name of the storage.
        name: String,
        /// The reason.
        source: Cause,
    },
    /// The file of the storage is not at its path any more.
    #[error(
        "the file of storage '{name}' was moved, removed or replaced while mgrd uses it: reads still \
         work, writes fail; move the original file back, or restore a backup and restart mgrd"
    )]
    Displaced {
        /// The name of the storage.
        name: String,
    },
    /// The file has other content than this manager answered from.
    #[error(
        "storage '{name}' has other content than the last active manager left in it: writes fail, and a \
         new term begins, which reads all of it; find out what changed the file"
    )]
    Unexpected {
        /// The name of the storage.
        name: String,
    },
    /// Another process has opened the storage after this one.
    #[error(
        "another mgrd has taken over storage '{name}' (its epoch is {current}, ours is {held}): \
         this mgrd can no longer write and must stop"
    )]
    Fenced {
        /// The name of the storage.
        name: String,
        /// The epoch of this process.
        held: u64,
        /// The epoch in the storage.
        current: u64,
    },
}

/// Why a transaction was not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A precondition did not hold; nothing was written.
    #[error("'{key}' has changed since it was read; read it again and retry")]
    PreconditionFailed {
        /// The key of the first precondition that did not hold.
        key: Key,
    },
    /// A key is too long; nothing was written.
    #[error("the key that begins with '{start}' is longer than {limit} bytes; use a shorter key")]
    KeyTooLong {
        /// Its first characters.
        start: String,
        /// The limit.
        limit: usize,
    },
    /// The transaction is too large; nothing was written.
    #[error("a write of {bytes} bytes exceeds the limit of {limit} bytes; store less in one write")]
    TooLarge {
        /// Bytes of its keys and values.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// There is room for smaller transactions, but not for this one; nothing was written.
    #[error(
        "there is no room for a write of {bytes} bytes in storage '{name}'; \
         free some space, or store less"
    )]
    NoRoom {
        /// The name of the storage.
        name: String,
        /// Bytes of its keys and values.
        bytes: usize,
    },
    /// It could not be written, and no reader sees it.
    #[error(transparent)]
    Fault(#[from] StorageFault),
    /// This manager is a standby; nothing was written.
    #[error("{}", standby(.active.as_deref()))]
    Standby {
        /// The manager that may write, if it is known.
        active: Option<String>,
    },
    /// The storage is closing; this write is either whole or absent.
    #[error("mgrd is shutting down; try again when it is back")]
    Closed,
}

fn standby(active: Option<&str>) -> String {
    let next = match active {
        Some(active) => format!("ask the active manager '{active}'"),
        None => "no manager is active at the moment, so try again soon".to_owned(),
    };
    format!("this manager is a standby and stores nothing; {next}")
}

#[cfg(test)]
mod tests;
