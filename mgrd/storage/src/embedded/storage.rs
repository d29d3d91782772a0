//! A storage in one file of the data directory.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::thread::{self, JoinHandle};

use futures_util::future::BoxFuture;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::durable::{Durable, Opened};
use super::error::FileError;
use super::file;
use super::place::Place;
use super::recent::{self, Recent, Resumed};
use super::source::{self, Source};
use super::writer::{Job, Shared, Writer};
use crate::content::Content;
use crate::error::{CommitError, StorageFault};
use crate::image::Image;
use crate::storage::{Commit, Storage};
use crate::transaction::Transaction;

/// How many transactions may wait for the writer. A further commit waits until there is room.
const QUEUE: usize = 1024;

/// A storage in a file that one process has open and one thread writes.
///
/// A write is acknowledged once it is synced to disk. Writes that arrive during a sync share the
/// next one. A write that failed leaves no trace. [`Storage::health`] reports it until a write
/// succeeds.
#[derive(Debug)]
pub struct EmbeddedStorage {
    shared: Arc<Shared>,
    /// None if it is not a file.
    place: Option<Arc<Place>>,
    queue: RwLock<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl EmbeddedStorage {
    /// Opens the storage in the file at `place`, and creates the file if there has never been one. It
    /// blocks. If `known` and the recent changes show what is in the file, the writer verifies and opens
    /// the file later, before its first write.
    pub(super) fn open(place: &Arc<Place>, known: Content) -> Result<Self, FileError> {
        place.prepare()?;
        let source = Box::new(source::in_file(Arc::clone(place)));
        let recent = Recent::new(place.path());
        let resumed = place.is_free().then(|| recent::resume(place.path(), &known)).flatten();
        let opened = match resumed {
            Some(Resumed { content, epoch }) => {
                let (keys, revision) = (content.entries.len(), content.revision);
                tracing::info!(
                    keys,
                    revision,
                    "the storage is known; its file is verified before the first write"
                );
                Opened { durable: Durable::resumed(source, epoch), content, fault: None }
            }
            None => Durable::open(source, &known)?,
        };
        drop(known);
        let mut storage = Self::start(opened, Some(recent))?;
        storage.place = Some(Arc::clone(place));
        file::restrict(place.path())?;
        Ok(storage)
    }

    /// A storage that ends with the process, for tests and trials.
    ///
    /// # Errors
    /// If the database library cannot use memory.
    pub fn in_memory() -> Result<Self, FileError> {
        Self::over(Box::new(source::in_memory()?))
    }

    /// Accepts no more writes. Returns the thread that may still be writing.
    fn stop(&self) -> Option<JoinHandle<()>> {
        self.queue.write().take();
        self.writer.lock().take()
    }

    /// How many transactions wait for the writer.
    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.queue.read().as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// Opens an initialised database, in a new epoch.
    pub(super) fn over(source: Box<dyn Source>) -> Result<Self, FileError> {
        Self::start(Durable::open(source, &Content::default())?, None)
    }

    fn start(opened: Opened, recent: Option<Recent>) -> Result<Self, FileError> {
        let Opened { durable, content, fault } = opened;
        let path = durable.name().into();
        if let Some(fault) = &fault {
            tracing::error!("{fault}");
        }
        let (image, epoch) = (Image::new(content), durable.epoch().into());
        let shared = Arc::new(Shared { image, epoch, fault: RwLock::new(fault) });
        let (queue, jobs) = mpsc::channel(QUEUE);
        let writer = Writer { durable, recent, shared: Arc::clone(&shared) };
        let thread = thread::Builder::new().name("storage".into());
        let writer = thread.spawn(move || writer.run(jobs));
        let writer = writer.map_err(|source| FileError::Io { path, source })?;
        let (queue, writer) = (RwLock::new(Some(queue)), Mutex::new(Some(writer)));
        Ok(Self { shared, place: None, queue, writer })
    }
}

impl Storage for EmbeddedStorage {
    fn image(&self) -> &Image {
        &self.shared.image
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

    fn epoch(&self) -> u64 {
        self.shared.epoch.load(SeqCst)
    }

    fn health(&self) -> Option<StorageFault> {
        let away = self.place.as_ref().and_then(|place| place.fault());
        // A displaced file counts until a check finds it again, and not until the next write.
        let fault = self.shared.fault.read().clone();
        away.or(fault.filter(|fault| !matches!(fault, StorageFault::Displaced { .. })))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(writer) = self.stop() {
                // A writer that panicked has reported it itself.
                let _ = spawn_blocking(move || writer.join()).await;
            }
        })
    }
}

impl Drop for EmbeddedStorage {
    fn drop(&mut self) {
        if let Some(writer) = self.stop() {
            let _ = writer.join();
        }
    }
}
