//! The one thread that writes: it makes all waiting transactions durable with a single sync.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;

use parking_lot::RwLock;
use tokio::sync::{mpsc, oneshot};

use super::durable::Durable;
use super::recent::Recent;
use crate::batch::{Batch, Entries};
use crate::error::{CommitError, StorageFault};
use crate::image::Image;
use crate::transaction::{Committed, Transaction};

/// How many transactions share one sync at most.
const BATCH: usize = 512;

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
}

/// The writer's own state.
pub(super) struct Writer {
    pub(super) durable: Durable,
    /// The last changes, for a standby that takes over. None if the storage is not a file.
    pub(super) recent: Option<Recent>,
    pub(super) shared: Arc<Shared>,
}

impl Writer {
    /// Serves the queue until it is closed and empty.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        if !self.durable.is_resumed() {
            self.begin_recent();
        }
        // If it fails, the next write tries it again.
        let _ = self.verify();
        while let Some(first) = queue.blocking_recv() {
            let mut jobs = vec![first];
            while jobs.len() < BATCH
                && let Ok(next) = queue.try_recv()
            {
                jobs.push(next);
            }
            self.serve(jobs);
        }
        let Self { durable, recent, shared } = self;
        // This closes the database, which writes to the file.
        drop(durable);
        recent.into_iter().for_each(|mut recent| recent.end());
        shared.image.close_watches();
    }

    fn begin_recent(&mut self) {
        let revision = self.shared.image.revision();
        if let Some(recent) = &mut self.recent {
            recent.begin(self.durable.epoch(), revision);
        }
    }

    /// Makes sure that the database is verified. It decides, and what readers saw until now may differ
    /// from it only by writes that were not acknowledged.
    fn verify(&mut self) -> Result<(), StorageFault> {
        if !self.durable.is_resumed() {
            return Ok(());
        }
        let verified = self.durable.verify(&self.shared.image);
        if let Ok(Some(found)) = &verified {
            let (found, shown) = (found.revision, self.shared.image.revision());
            tracing::warn!(found, shown, "the storage file has other content than was known");
        }
        match verified {
            Ok(other) => {
                other.into_iter().for_each(|found| self.shared.image.replace(found));
                self.shared.epoch.store(self.durable.epoch(), SeqCst);
                tracing::info!("the storage file is verified");
                self.begin_recent();
                Ok(())
            }
            Err(fault) => {
                if self.shared.fault.write().replace(fault.clone()) != Some(fault.clone()) {
                    tracing::error!("{fault}");
                }
                Err(fault)
            }
        }
    }

    /// Durable first, then visible, then acknowledged.
    fn serve(&mut self, jobs: Vec<Job>) {
        if let Err(fault) = self.verify() {
            // A caller that no longer waits needs no answer.
            jobs.into_iter().for_each(|job| drop(job.answer.send(Err(fault.clone().into()))));
            return;
        }
        let shared = Arc::clone(&self.shared);
        let mut batch = Batch::new(&shared.image);
        let answers: Vec<Answer> = jobs.iter().map(|job| batch.add(&job.transaction)).collect();
        let written = self.write(&batch);
        if jobs.len() > 1 && matches!(written, Err(CommitError::NoRoom { .. })) {
            // Only the transactions that are too large should fail.
            return jobs.into_iter().for_each(|job| self.serve(vec![job]));
        }
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

    fn commit(&mut self, entries: &Entries, revision: u64) -> Result<(), CommitError> {
        Ok(self.durable.commit(entries, revision, &self.shared.image)?)
    }
}

fn is_full(written: &Result<(), CommitError>) -> bool {
    matches!(written, Err(CommitError::Fault(StorageFault::Full { .. })))
}
