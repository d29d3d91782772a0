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
        /// Which.
        folder: PathBuf,
        /// The limit.
        limit: Duration,
    },
    /// Too many others are being read.
    #[error(
        "the folder {folder} waits for its turn: {limit} folders are being read already \
         (limits.module.folder_reads), and do not answer"
    )]
    Busy {
        /// Which.
        folder: PathBuf,
        /// The limit.
        limit: u32,
    },
    /// The reading itself failed.
    #[error("reading the folder {folder} broke off, which is a fault of mgrd: see its log")]
    Broken {
        /// Which.
        folder: PathBuf,
        /// How.
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
mod tests {
    use std::sync::mpsc;

    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(60);

    /// A read that hangs until the sender is dropped.
    fn hanging() -> (mpsc::Sender<()>, impl FnOnce(&Path) + Send + 'static) {
        let (end, ended) = mpsc::channel();
        (end, move |_: &Path| {
            let _ = ended.recv();
        })
    }

    #[tokio::test]
    async fn a_folder_that_hangs_is_not_read_again_before_it_comes_back() {
        let access = Access::new(9, SHORT);
        let (end, hangs) = hanging();
        let error = access.read(Path::new("a"), hangs).await.unwrap_err().to_string();
        assert!(error.contains("the folder a does not answer within 0.02 s"), "{error}");
        for _ in 0..20 {
            let error = access.read(Path::new("a"), |_| panic!("it was read")).await.unwrap_err();
            assert!(matches!(error, FolderError::Silent { .. }));
            assert_eq!(
                access.read(Path::new("b"), |path| path.to_owned()).await.unwrap().as_os_str(),
                "b"
            );
        }
        assert_eq!(access.places.available_permits(), 8);
        drop(end);
        while access.read(Path::new("a"), |_| ()).await.is_err() {}
        assert_eq!(access.places.available_permits(), 9);
    }

    #[tokio::test]
    async fn no_more_threads_hang_than_there_are_places() {
        let access = Access::new(2, SHORT);
        let (ends, reads): (Vec<_>, Vec<_>) = [hanging(), hanging()].into_iter().unzip();
        for (folder, read) in ["a", "b"].iter().zip(reads) {
            access.read(Path::new(folder), read).await.unwrap_err();
        }
        let error = access.read(Path::new("c"), |_| panic!("it was read")).await.unwrap_err();
        assert!(matches!(error, FolderError::Busy { limit: 2, .. }), "{error}");
        drop(ends);
        while access.read(Path::new("c"), |_| ()).await.is_err() {}
    }

    #[tokio::test]
    async fn reads_of_one_folder_wait_for_each_other() {
        let access = Arc::new(Access::new(9, LONG));
        let (end, hangs) = hanging();
        let first = tokio::spawn({
            let access = Arc::clone(&access);
            async move { access.read(Path::new("a"), hangs).await }
        });
        while access.places.available_permits() == 9 {
            tokio::task::yield_now().await;
        }
        let mut second = Box::pin(access.read(Path::new("a"), |_| 2));
        assert!(timeout(SHORT, &mut second).await.is_err());
        drop(end);
        assert_eq!(second.await.unwrap(), 2);
        first.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_read_that_breaks_off_says_so_and_gives_its_place_back() {
        let access = Access::new(1, LONG);
        let error = access.read(Path::new("a"), |_| panic!("a fault")).await.unwrap_err();
        assert!(matches!(error, FolderError::Broken { .. }), "{error}");
        access.read(Path::new("a"), |_| ()).await.unwrap();
    }
}
