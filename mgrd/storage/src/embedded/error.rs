//! The errors of the files of the embedded backend.

use std::io;
use std::path::{Path, PathBuf};

use super::tables::{FORMAT, LoadError};
use crate::error::Cause;

/// Why the lock file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("cannot use the lock file '{path}': {source}; check the data directory and its owner")]
pub(super) struct LockError {
    /// The file.
    pub(super) path: PathBuf,
    /// The reason.
    pub(super) source: io::Error,
}

/// The lock is lost.
#[derive(Debug, thiserror::Error)]
#[error(
    "the lock file '{path}' was removed or replaced, so that another manager may lead; \
     leave this file alone while a manager runs"
)]
pub(super) struct LockLost {
    /// The file.
    pub(super) path: PathBuf,
}

/// Why a storage file cannot be used. The file is left as it is.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file does not exist.
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
        "storage file '{path}' is damaged: {source}; mgrd has not changed it: keep a copy of it, \
         move it away, then restore a backup or run 'mgrd storage import'"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        source: Damage,
    },
    /// A newer mgrd wrote it.
    #[error(
        "storage file '{path}' has format version {found}, this mgrd knows versions up to {known}; \
         mgrd has not changed it: run the newer mgrd, or import an export made with it"
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
        /// The reason.
        source: io::Error,
    },
}

/// What is wrong with the content of a storage file.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It has no content.
    #[error("it is empty")]
    Empty,
    /// It refers to something after its end.
    #[error("it ends too early")]
    Truncated,
    /// The database library found something that it cannot handle.
    #[error("its structure is inconsistent")]
    Inconsistent,
    /// It is a sound database, but mgrd did not write it.
    #[error("it is a database, but not one of mgrd")]
    Foreign,
    /// The database library refuses it.
    #[error(transparent)]
    Database(Cause),
}

impl FileError {
    /// The error of the file `path` that an error of the database library stands for.
    pub(super) fn of(path: &Path, error: LoadError) -> Self {
        let damaged = |source| Self::Damaged { path: path.to_owned(), source };
        match error {
            LoadError::Newer(found) => Self::Newer { path: path.to_owned(), found, known: FORMAT },
            LoadError::Inconsistent => damaged(Damage::Inconsistent),
            LoadError::Foreign => damaged(Damage::Foreign),
            LoadError::Database(redb::Error::DatabaseAlreadyOpen) => {
                Self::Locked { path: path.to_owned() }
            }
            LoadError::Database(redb::Error::Io(why)) => Self::of_io(path, why),
            LoadError::Database(other) => damaged(Damage::Database(Cause::new(other))),
        }
    }

    /// The error of the file `path` that an error of the system stands for.
    pub(super) fn of_io(path: &Path, source: io::Error) -> Self {
        use io::ErrorKind::{InvalidData, InvalidInput, NotFound, UnexpectedEof};
        let path = path.to_owned();
        match source.kind() {
            NotFound => Self::Missing { path },
            kind if is_full(kind) => Self::Full { path },
            UnexpectedEof | InvalidData | InvalidInput => {
                Self::Damaged { path, source: Damage::Truncated }
            }
            _ => Self::Io { path, source },
        }
    }
}

/// Whether a write failed because there is no room: the disk is full, or a limit is reached.
pub(super) fn is_full(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
    matches!(kind, StorageFull | QuotaExceeded | FileTooLarge)
}

#[cfg(test)]
mod tests;
