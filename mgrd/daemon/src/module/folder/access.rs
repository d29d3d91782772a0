//! Reading folders without waiting for them on the worker thread.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout, timeout_at};

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
/// cannot be ended; it keeps its place, and its folder is not read again before it comes back.
#[derive(Debug)]
pub(super) struct Access {
    limit: Duration,
    reads: u32,
    places: Arc<Semaphore>,
    folders: Mutex<HashMap<PathBuf, Arc<Turn>>>,
}

#[derive(Debug, Default)]
struct Turn {
    free: Arc<tokio::sync::Mutex<()>>,
    /// When the read that is under way began.
    begun: Mutex<Option<Instant>>,
}

/// What a read has as long as it lasts.
struct Held {
    turn: Arc<Turn>,
    _free: OwnedMutexGuard<()>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Held {
    fn drop(&mut self) {
        *self.turn.begun.lock() = None;
    }
}

impl Access {
    /// At most `reads` at the same time, and none is waited for longer than `limit`.
    pub(super) fn new(reads: u32, limit: Duration) -> Self {
        let reads = reads.max(1);
        let places = Arc::new(Semaphore::new(reads as usize));
        Self { limit, reads, places, folders: Mutex::default() }
    }

    /// What `read` finds in `folder`, on a thread where it may wait.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        folder: &Path,
        read: impl FnOnce(&Path) -> T + Send + 'static,
    ) -> Result<T, FolderError> {
        let (limit, path) = (self.limit, folder.to_owned());
        let silent = || FolderError::Silent { folder: folder.to_owned(), limit };
        let turn = self.turn(folder);
        let begun = turn.begun.lock().unwrap_or_else(Instant::now);
        let free = timeout_at(begun + limit, turn.free.clone().lock_owned()).await;
        let free = free.map_err(|_| silent())?;
        let Ok(Ok(place)) = timeout(limit, self.places.clone().acquire_owned()).await else {
            return Err(FolderError::Busy { folder: path, limit: self.reads });
        };
        *turn.begun.lock() = Some(Instant::now());
        let held = Held { turn, _free: free, _place: place };
        let reading = spawn_blocking(move || {
            let _held = held;
            read(&path)
        });
        let done = timeout(limit, reading).await.map_err(|_| silent())?;
        done.map_err(|source| FolderError::Broken { folder: folder.to_owned(), source })
    }

    fn turn(&self, folder: &Path) -> Arc<Turn> {
        let mut folders = self.folders.lock();
        folders.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(folders.entry(folder.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests;
