//! What can go wrong with a storage: while opening it, and with a commit.

use std::io;
use std::path::PathBuf;

use super::contract::Key;

/// Why a storage file could not be opened; it was left as it is.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no such file.
    #[error("there is no storage file '{path}'; check the data directory")]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// Another process has it open.
    #[error(
        "storage file '{path}' is in use by another process; \
         stop the mgrd that runs on this data directory first"
    )]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// Its content is not what was written.
    #[error(
        "storage file '{path}' is damaged: {reason}; nothing in it was changed: keep a copy of it, \
         move it away, then restore a backup or run 'mgrd storage import'"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A newer mgrd wrote it.
    #[error(
        "storage file '{path}' has format version {found}, this mgrd knows up to {known}; \
         nothing in it was changed: run the newer mgrd, or import an export made with it"
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version in the file.
        found: u64,
        /// The newest version that this program knows.
        known: u64,
    },
    /// The disk is full.
    #[error("no space left for storage file '{path}'; free some space and start again")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The system refused.
    #[error("cannot open storage file '{path}': {source}; check the data directory and its owner")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// Why the last write to a storage failed; reads go on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StorageFault {
    /// The disk is full.
    #[error(
        "no space left for storage '{place}': reads go on, writes fail; \
         free some space, the next write tries again"
    )]
    Full {
        /// Where it is kept.
        place: String,
    },
    /// A write failed.
    #[error(
        "cannot write to storage '{place}': {reason}: reads go on, writes fail; \
         check the disk, the next write tries again"
    )]
    Write {
        /// Where it is kept.
        place: String,
        /// What the system said.
        reason: String,
    },
    /// Another process has taken over since this one opened the storage.
    #[error(
        "storage '{place}' was taken over by another mgrd (its epoch is {current}, ours {held}): \
         this one may not write any more and should stop"
    )]
    Fenced {
        /// Where it is kept.
        place: String,
        /// The epoch this process has.
        held: u64,
        /// The epoch in the storage.
        current: u64,
    },
}

/// Why a transaction was not acknowledged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// A precondition did not hold; nothing was written.
    #[error("'{key}' was changed by somebody else meanwhile; read it again and retry")]
    PreconditionFailed {
        /// The key of the first one that did not.
        key: Key,
    },
    /// A key is too long; nothing was written.
    #[error("the key that begins with '{start}' is longer than {limit} bytes; use a shorter one")]
    KeyTooLong {
        /// Its first characters.
        start: String,
        /// The limit.
        limit: usize,
    },
    /// The transaction is too large; nothing was written.
    #[error("a write of {bytes} bytes exceeds the limit of {limit}; store less in one go")]
    TooLarge {
        /// Bytes of its keys and values.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The disk has no room for it, though it has for smaller ones; nothing was written.
    #[error(
        "there is no room for a write of {bytes} bytes in storage '{place}'; \
         free some space, or store less"
    )]
    NoRoom {
        /// Where the storage is kept.
        place: String,
        /// Bytes of its keys and values.
        bytes: usize,
    },
    /// It could not be written, and nobody will see it.
    #[error(transparent)]
    Fault(#[from] StorageFault),
    /// This manager only reads; nothing was written.
    #[error("{}", standby(.active.as_deref()))]
    Standby {
        /// Who may write, if that is known.
        active: Option<String>,
    },
    /// The storage is being closed; this write is either whole or absent.
    #[error("mgrd is shutting down; try again when it is back")]
    Closed,
}

fn standby(active: Option<&str>) -> String {
    let who = match active {
        Some(active) => format!("ask the active one, '{active}'"),
        None => "there is no active one now; try again soon".to_owned(),
    };
    format!("this manager waits as standby and stores nothing; {who}")
}
