//! The one thread that writes: it makes all waiting transactions durable with a single sync.

use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::{mpsc, oneshot};

use super::durable::Durable;
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
    pub(super) fault: RwLock<Option<StorageFault>>,
}

/// The writer's own state.
pub(super) struct Writer {
    pub(super) durable: Durable,
    pub(super) shared: Arc<Shared>,
}

impl Writer {
    /// Serves the queue until it is closed and empty.
    pub(super) fn run(mut self, mut queue: mpsc::Receiver<Job>) {
        while let Some(first) = queue.blocking_recv() {
            let mut jobs = vec![first];
            while jobs.len() < BATCH
                && let Ok(next) = queue.try_recv()
            {
                jobs.push(next);
            }
            self.serve(jobs);
        }
        self.shared.image.close_watches();
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
        if written.is_ok() && !batch.changes.is_empty() {
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
