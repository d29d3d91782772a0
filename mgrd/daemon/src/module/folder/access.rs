//! Reading folders without waiting for them on the worker thread.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::module::turns::{NoTurn, Turns};

/// Why nothing is known of a folder.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Reading it takes too long.
    #[error(
        "the folder {folder} does not answer within {} s (limits.module.folder_timeout): check the \
         disk or mount that it is on", .limit.as_secs_f32()
    )]
    Silent {
        /// The folder.
        folder: PathBuf,
        /// How long reading it may take.
        limit: Duration,
    },
    /// Too many others are being read.
    #[error(
        "the folder {folder} waits for its turn: {limit} folders are being read already \
         (limits.module.folder_reads), and do not answer"
    )]
    Busy {
        /// The folder.
        folder: PathBuf,
        /// How many folders may be read at the same time.
        limit: u32,
    },
    /// The reading itself failed.
    #[error("reading the folder {folder} failed inside mgrd: report that with the log of mgrd")]
    Broken {
        /// The folder.
        folder: PathBuf,
        /// How the task that read it ended.
        source: tokio::task::JoinError,
    },
}

/// Lets few threads read folders, each folder one at a time. A thread that a disk or mount holds
/// cannot be ended; it keeps its turn, and its folder is not read again before it comes back.
#[derive(Debug)]
pub(super) struct Access {
    limit: Duration,
    reads: u32,
    turns: Turns<PathBuf>,
}

impl Access {
    /// At most `reads` at the same time, and none is waited for longer than `limit`.
    pub(super) fn new(reads: u32, limit: Duration) -> Self {
        Self { limit, reads, turns: Turns::new(reads, limit) }
    }

    /// What `read` finds in `folder`, on a thread where it may wait.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        folder: &Path,
        read: impl FnOnce(&Path) -> T + Send + 'static,
    ) -> Result<T, FolderError> {
        let path = folder.to_owned();
        let silent = || FolderError::Silent { folder: folder.to_owned(), limit: self.limit };
        let turn = self.turns.take(&path).await.map_err(|reason| match reason {
            NoTurn::Silent => silent(),
            NoTurn::Busy => FolderError::Busy { folder: folder.to_owned(), limit: self.reads },
        })?;
        let reading = spawn_blocking(move || {
            let _turn = turn;
            read(&path)
        });
        let done = timeout(self.limit, reading).await.map_err(|_| silent())?;
        done.map_err(|source| FolderError::Broken { folder: folder.to_owned(), source })
    }
}

#[cfg(test)]
mod tests;
