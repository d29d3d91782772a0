//! A storage in one file of the data directory.

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

use super::durable::{Durable, Opened};
use super::error::FileError;
use super::file;
use super::place::Place;
use super::recent::{self, Former, Recent, Resumed};
use super::source::{self, Source};
use super::stop::Stop;
use super::writer::{Job, Shared, Writer};
use crate::content::{Content, Known};
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
    origin: u64,
    /// Stops the verification of a storage that closes.
    stop: Stop,
    queue: RwLock<Option<mpsc::Sender<Job>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl EmbeddedStorage {
    /// Opens the storage in the file at `place`, and creates the file if there has never been one. It
    /// blocks. If `known` and the recent changes show what is in the file, the writer verifies and opens
    /// the file later, before its first write.
    pub(super) fn open(place: &Arc<Place>, known: Known) -> Result<Self, FileError> {
        place.prepare()?;
        let source = Box::new(source::in_file(Arc::clone(place)));
        let resumed = place.is_free().then(|| recent::resume(place.path(), &known)).flatten();
        let (opened, origin, former) = match resumed {
            Some(Resumed { content, origin, epoch, file, former }) => {
                place.expect(file);
                let (keys, revision) = (content.entries.len(), content.revision);
                tracing::info!(
                    keys,
                    revision,
                    "the storage is known; its file is verified before the first write"
                );
                let durable = Durable::resumed(source, epoch);
                (Opened { durable, content, fault: None }, origin, Some(former))
            }
            None => {
                let opened = Durable::open(source, &known.content)?;
                file::restrict(place.path())?;
                (opened, new_origin(), None)
            }
        };
        drop(known);
        Self::start(opened, origin, Some((Arc::clone(place), former)))
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
        self.stop.ask();
        self.writer.lock().take()
    }

    /// How many transactions wait for the writer.
    #[cfg(test)]
    pub(super) fn queued(&self) -> usize {
        self.queue.read().as_ref().map_or(0, |queue| queue.max_capacity() - queue.capacity())
    }

    /// Opens an initialised database, in a new epoch.
    pub(super) fn over(source: Box<dyn Source>) -> Result<Self, FileError> {
        Self::start(Durable::open(source, &Content::default())?, new_origin(), None)
    }

    /// Starts the writer. A file has a place, and what the last leader left beside it.
    pub(super) fn start(
        opened: Opened,
        origin: u64,
        file: Option<(Arc<Place>, Option<Former>)>,
    ) -> Result<Self, FileError> {
        let Opened { durable, content, fault } = opened;
        let path = durable.name().into();
        if let Some(fault) = &fault {
            tracing::error!("{fault}");
        }
        let (image, epoch) = (Image::new(content), durable.epoch().into());
        let verifying = RwLock::new(durable.is_resumed().then(Instant::now));
        let shared = Arc::new(Shared {
            image,
            epoch,
            fault: RwLock::new(fault),
            verifying,
            room: RwLock::default(),
        });
        let (queue, jobs) = mpsc::channel(QUEUE);
        let place = file.as_ref().map(|(place, _)| Arc::clone(place));
        let stop = Stop::default();
        let (recent, former) = match file {
            Some((place, former)) => (Some(Recent::new(place, origin, durable.epoch())), former),
            None => (None, None),
        };
        let writer = Writer {
            durable,
            recent,
            former,
            place: place.clone(),
            shared: Arc::clone(&shared),
            stop: stop.clone(),
        };
        let thread = thread::Builder::new().name("storage".into());
        let writer = thread.spawn(move || writer.run(jobs));
        let writer = writer.map_err(|source| FileError::Io { path, source })?;
        let (queue, writer) = (RwLock::new(Some(queue)), Mutex::new(Some(writer)));
        Ok(Self { shared, place, origin, stop, queue, writer })
    }
}

/// An origin that no other storage has.
fn new_origin() -> u64 {
    // Without one, each takeover reads the whole storage.
    getrandom::u64().unwrap_or_default()
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

    fn origin(&self) -> u64 {
        self.origin
    }

    fn health(&self) -> Option<StorageFault> {
        let away = self.place.as_ref().and_then(|place| place.fault());
        // A displaced file counts until a check finds it again, and not until the next write.
        let fault = self.shared.fault.read().clone();
        away.or(fault.filter(|fault| !matches!(fault, StorageFault::Displaced { .. })))
    }

    fn verifying(&self) -> Option<Duration> {
        self.shared.verifying.read().map(|since| since.elapsed())
    }

    fn no_room(&self) -> Option<usize> {
        self.shared.room.read().smallest(Instant::now())
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
