//! The one thread that writes: it makes all waiting transactions durable with a single sync.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::{Duration, Instant};

use parking_lot::RwLock;
use tokio::sync::mpsc::{self, error::TryRecvError};
use tokio::sync::oneshot;

use super::durable::Durable;
use super::place::Place;
use super::recent::{Former, Recent};
use super::room::Room;
use super::stop::Stop;
use crate::batch::{Batch, Entries};
use crate::error::{CommitError, StorageFault};
use crate::image::Image;
use crate::transaction::{Committed, Transaction};

/// How many transactions share one sync at most.
const BATCH: usize = 512;
/// How long after a failed verification the next one begins.
const VERIFY_AGAIN: Duration = Duration::from_secs(1);
/// How often a writer that cannot write looks for transactions to refuse.
const REFUSE_INTERVAL: Duration = Duration::from_millis(20);

type Answer = Result<Committed, CommitError>;

/// A transaction, and the channel for its answer.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) transaction: Transaction,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// What the writer shares with the readers.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) image: Image,
    pub(super) epoch: AtomicU64,
    pub(super) fault: RwLock<Option<StorageFault>>,
    /// Since when the file is being verified.
    pub(super) verifying: RwLock<Option<Instant>>,
    /// Whether writes were refused lately because they did not fit.
    pub(super) room: RwLock<Room>,
}

/// The writer's own state.
pub(super) struct Writer {
    pub(super) durable: Durable,
    /// The last changes, for a standby that takes over. None if the storage is not a file.
    pub(super) recent: Option<Recent>,
    /// What the last leader left there.
    pub(super) former: Option<Former>,
    /// Where the file is, if the storage is one.
    pub(super) place: Option<Arc<Place>>,
    pub(super) shared: Arc<Shared>,
    /// Whether the storage closes.
    pub(super) stop: Stop,
}

impl Writer {
    /// Serves the queue until it is closed and empty.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        if self.open(&mut queue) {
            while let Some(first) = queue.blocking_recv() {
                let mut jobs = vec![first];
                while jobs.len() < BATCH
                    && let Ok(next) = queue.try_recv()
                {
                    jobs.push(next);
                }
                self.serve(jobs);
            }
            // This closes the database, which writes to the file.
            drop(self.durable);
            self.recent.into_iter().for_each(|mut recent| recent.end());
        }
        self.shared.image.close_watches();
    }

    /// Waits until the database is verified and open. False if the storage closes before; what the last
    /// leader left is then still right.
    fn open(&mut self, queue: &mut mpsc::Receiver<Job>) -> bool {
        if !self.durable.is_resumed() {
            let revision = self.shared.image.revision();
            if self.shared.fault.read().is_none()
                && let Some(recent) = &mut self.recent
            {
                recent.begin(revision, None);
            }
            return true;
        }
        while let Err(fault) = self.verify() {
            if self.stop.is_asked() {
                return false;
            }
            if self.shared.fault.write().replace(fault.clone()) != Some(fault.clone()) {
                tracing::error!("{fault}");
            }
            let ends =
                matches!(fault, StorageFault::Fenced { .. } | StorageFault::Unexpected { .. });
            if ends {
                self.recent.iter_mut().for_each(Recent::drop_all);
                self.place.iter().for_each(|place| place.refute(fault.clone()));
            }
            if !refuse(queue, &fault, (!ends).then_some(VERIFY_AGAIN)) {
                return false;
            }
        }
        true
    }

    /// Verifies and opens a resumed database. It decides, but it can only have what readers see, or a
    /// last write more that was not acknowledged.
    fn verify(&mut self) -> Result<(), StorageFault> {
        let image = &self.shared.image;
        let more = self.durable.verify(image, &self.stop)?;
        self.shared.epoch.store(self.durable.epoch(), SeqCst);
        *self.shared.fault.write() = None;
        *self.shared.verifying.write() = None;
        tracing::info!(more = more.len(), "the storage file is verified");
        if let Some(recent) = &mut self.recent {
            recent.begin(image.revision(), self.former.take());
            recent.add(&more);
        }
        image.apply(&more);
        Ok(())
    }

    /// Durable first, then visible, then acknowledged.
    fn serve(&mut self, jobs: Vec<Job>) {
        let shared = Arc::clone(&self.shared);
        let mut batch = Batch::new(&shared.image);
        let answers: Vec<Answer> = jobs.iter().map(|job| batch.add(&job.transaction)).collect();
        let written = self.write(&batch);
        if jobs.len() > 1 && matches!(written, Err(CommitError::NoRoom { .. })) {
            // Only the transactions that are too large should fail.
            return jobs.into_iter().for_each(|job| self.serve(vec![job]));
        }
        self.note_room(&written, batch.bytes());
        if written.is_ok() && !batch.changes.is_empty() {
            if let Some(recent) = &mut self.recent {
                recent.add(&batch.changes);
            }
            self.shared.image.apply(&batch.changes);
        }
        for (job, answer) in jobs.into_iter().zip(answers) {
            let answer = written.clone().and(answer);
            // A caller that no longer waits needs no answer.
            let _ = job.answer.send(answer);
        }
    }

    /// Tries each write, even if the previous one failed, unless another manager has taken over.
    fn write(&mut self, batch: &Batch<'_>) -> Result<(), CommitError> {
        let fault = self.shared.fault.read().clone();
        if let Some(fenced @ StorageFault::Fenced { .. }) = fault {
            return Err(fenced.into());
        }
        if batch.changes.is_empty() {
            return fault.map_or(Ok(()), |fault| Err(fault.into()));
        }
        let mut written = self.commit(&batch.entries, batch.revision);
        let was_full = matches!(fault, Some(StorageFault::Full { .. }));
        // If an empty write fits, the disk is not full, and this write is too large.
        if !was_full
            && is_full(&written)
            && self.commit(&Entries::new(), self.shared.image.revision()).is_ok()
        {
            let (name, bytes) = (self.durable.name(), batch.bytes());
            written = Err(CommitError::NoRoom { name, bytes });
        }
        let now = match &written {
            Err(CommitError::Fault(fault)) => Some(fault.clone()),
            _ => None,
        };
        if now != fault {
            match &now {
                Some(fault) => tracing::error!("{fault}"),
                None => tracing::info!("storage accepts writes again"),
            }
            *self.shared.fault.write() = now;
        }
        written
    }

    /// Notes whether a write fitted, for health and the log.
    fn note_room(&self, written: &Result<(), CommitError>, bytes: usize) {
        let mut room = self.shared.room.write();
        match written {
            Ok(()) => room.accept(bytes),
            Err(error @ CommitError::NoRoom { .. }) if room.refuse(bytes, Instant::now()) => {
                tracing::warn!("{error}");
            }
            Err(_) => {}
        }
    }

    fn commit(&mut self, entries: &Entries, revision: u64) -> Result<(), CommitError> {
        let written = self.durable.commit(entries, revision, &self.shared.image);
        if written.is_err() {
            // The file may have the write nevertheless.
            self.recent.iter_mut().for_each(Recent::drop_all);
        }
        Ok(written?)
    }
}

/// Refuses what arrives, for a while or until the storage closes. Returns whether it is still open.
fn refuse(queue: &mut mpsc::Receiver<Job>, fault: &StorageFault, time: Option<Duration>) -> bool {
    let until = time.map(|time| Instant::now() + time);
    while until.is_none_or(|until| Instant::now() < until) {
        match queue.try_recv() {
            // A caller that no longer waits needs no answer.
            Ok(job) => drop(job.answer.send(Err(fault.clone().into()))),
            Err(TryRecvError::Empty) => thread::sleep(REFUSE_INTERVAL),
            Err(TryRecvError::Disconnected) => return false,
        }
    }
    true
}

fn is_full(written: &Result<(), CommitError>) -> bool {
    matches!(written, Err(CommitError::Fault(StorageFault::Full { .. })))
}
