//! A storage in one file of the data directory.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, oneshot};

use super::contract::{Commit, Entry, Key, Storage};
use super::durable::{Durable, Opened, Source};
use super::error::{CommitError, OpenError, StorageFault};
use super::file;
use super::image::{Content, Image};
use super::transaction::Transaction;
use super::watch::{Watch, Watchers};
use super::writer::{Job, Shared, Writer};

/// How many transactions may wait for the writer; whoever comes next waits for a place.
const QUEUE: usize = 1024;

/// The storage of one machine: a file that one process has open, written by one thread.
///
/// A write is acknowledged once it is synced to disk; writes that arrive during a sync share the
/// next one. A write that failed leaves no trace; [`Storage::health`] tells of it until one succeeds.
#[derive(Debug)]
pub struct EmbeddedStorage {
    shared: Arc<Shared>,
    epoch: u64,
    queue: RwLock<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl EmbeddedStorage {
    /// Opens the storage in the file `path`, which is made if there is none.
    ///
    /// # Errors
    /// See [`OpenError`]; an existing file is then left as it is.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        file::create_if_missing(path)?;
        let storage = Self::over(Box::new(file::in_file(path)), path.display().to_string())?;
        file::restrict(path)?;
        Ok(storage)
    }

    /// A storage that is gone with the process, for tests and trials.
    ///
    /// # Errors
    /// None that is known.
    pub fn in_memory() -> Result<Self, OpenError> {
        Self::over(Box::new(file::in_memory()?), "memory".to_owned())
    }

    /// Accepts no more writes, whoever still holds it, and waits until what was accepted is written
    /// and the file is closed, so that another process can open it. Takes its time: run it where
    /// blocking is fine.
    pub fn close(&self) {
        self.queue.write().take();
        if let Some(writer) = self.writer.lock().take() {
            // A writer that panicked has said so on its own.
            let _ = writer.join();
        }
    }

    /// How many transactions wait for the writer.
    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.queue.read().as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// Serves an initialised database, in a new epoch.
    pub(super) fn over(source: Box<dyn Source>, place: String) -> Result<Self, OpenError> {
        let path = PathBuf::from(&place);
        let Opened { durable, content, fault } = Durable::open(source, place)?;
        if let Some(fault) = &fault {
            tracing::error!("{fault}");
        }
        let epoch = durable.epoch();
        let shared = Arc::new(Shared {
            image: Image::new(content),
            watchers: Watchers::default(),
            fault: RwLock::new(fault),
        });
        let (queue, jobs) = mpsc::channel(QUEUE);
        let writer = Writer { durable, shared: Arc::clone(&shared) };
        let thread = thread::Builder::new().name("storage".into());
        let writer = thread.spawn(move || writer.run(jobs));
        let writer = writer.map_err(|source| OpenError::Io { path, source })?;
        let (queue, writer) = (RwLock::new(Some(queue)), Mutex::new(Some(writer)));
        Ok(Self { shared, epoch, queue, writer })
    }
}

impl Storage for EmbeddedStorage {
    fn get(&self, key: &str) -> Option<Entry> {
        self.shared.image.get(key)
    }

    fn range(&self, prefix: &str) -> Vec<(Key, Entry)> {
        self.shared.image.range(prefix)
    }

    fn content(&self) -> Content {
        self.shared.image.content()
    }

    fn commit(&self, transaction: Transaction) -> Commit<'_> {
        Box::pin(async move {
            transaction.check_size()?;
            let queue = self.queue.read().clone().ok_or(CommitError::Closed)?;
            let (answer, answered) = oneshot::channel();
            let job = Job { transaction, answer };
            queue.send(job).await.map_err(|_| CommitError::Closed)?;
            drop(queue);
            answered.await.unwrap_or(Err(CommitError::Closed))
        })
    }

    fn watch(&self, prefix: &str) -> Watch {
        self.shared.watchers.add(prefix)
    }

    fn revision(&self) -> u64 {
        self.shared.image.revision()
    }

    fn epoch(&self) -> u64 {
        self.epoch
    }

    fn health(&self) -> Option<StorageFault> {
        self.shared.fault.read().clone()
    }
}

impl Drop for EmbeddedStorage {
    fn drop(&mut self) {
        self.close();
    }
}
