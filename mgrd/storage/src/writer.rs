//! The one thread that writes: it makes all waiting transactions durable with a single sync.

use std::sync::Arc;

use parking_lot::RwLock;
use tokio::sync::{mpsc, oneshot};

use super::contract::{Entry, Key};
use super::durable::{Durable, Entries};
use super::error::{CommitError, StorageFault};
use super::image::Image;
use super::transaction::{Committed, Op, Transaction};
use super::watch::{Change, Watchers};

/// How many transactions share one sync at most.
const BATCH: usize = 512;

type Answer = Result<Committed, CommitError>;

/// A transaction and who waits for its answer.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) transaction: Transaction,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// What the writer shares with the readers.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) image: Image,
    pub(super) watchers: Watchers,
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
        self.shared.watchers.close();
    }

    /// Durable first, then visible, then acknowledged.
    fn serve(&mut self, jobs: Vec<Job>) {
        let shared = Arc::clone(&self.shared);
        let mut batch = Batch::new(&shared.image);
        let answers: Vec<Answer> = jobs.iter().map(|job| batch.add(&job.transaction)).collect();
        let written = self.write(&batch, jobs.len());
        if jobs.len() > 1 && matches!(written, Err(CommitError::NoRoom { .. })) {
            // Only those that are too large shall fail.
            return jobs.into_iter().for_each(|job| self.serve(vec![job]));
        }
        if written.is_ok() && !batch.changes.is_empty() {
            self.shared.image.apply(&batch.changes);
            self.shared.watchers.publish(&batch.changes);
        }
        for (job, answer) in jobs.into_iter().zip(answers) {
            let answer = written.clone().and(answer);
            // Whoever does not wait any more does not want to know.
            let _ = job.answer.send(answer);
        }
    }

    /// Each write is tried, whatever became of the one before, but for one that lost its right.
    fn write(&mut self, batch: &Batch<'_>, jobs: usize) -> Result<(), CommitError> {
        let fault = self.shared.fault.read().clone();
        if let Some(fenced @ StorageFault::Fenced { .. }) = fault {
            return Err(fenced.into());
        }
        if batch.changes.is_empty() {
            return fault.map_or(Ok(()), |fault| Err(fault.into()));
        }
        let mut written = self.commit(&batch.entries, batch.revision);
        if fault.is_none() && is_full(&written) {
            // Space that was left unused has been given back by now.
            if jobs == 1 {
                written = self.commit(&batch.entries, batch.revision);
            }
            // Is the disk full, or was this just too large?
            if is_full(&written) && self.commit(&Entries::new(), batch.image.revision()).is_ok() {
                let place = self.durable.place().to_owned();
                written = Err(CommitError::NoRoom { place, bytes: batch.bytes() });
            }
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

/// The joint effect of several transactions, each judged on top of those before it.
struct Batch<'a> {
    image: &'a Image,
    /// The state of each touched key after the batch.
    entries: Entries,
    changes: Vec<Change>,
    revision: u64,
}

impl<'a> Batch<'a> {
    fn new(image: &'a Image) -> Self {
        let revision = image.revision();
        Self { image, entries: Entries::new(), changes: Vec::new(), revision }
    }

    fn current(&self, key: &str) -> Option<Entry> {
        match self.entries.get(key) {
            Some(entry) => entry.clone(),
            None => self.image.get(key),
        }
    }

    /// How much it writes.
    fn bytes(&self) -> usize {
        let value = |change: &Change| change.value.as_ref().map_or(0, |value| value.len());
        self.changes.iter().map(|change| change.key.len() + value(change)).sum()
    }

    /// Adds a transaction if its preconditions hold; one that fails leaves no trace.
    fn add(&mut self, transaction: &Transaction) -> Answer {
        for precondition in &transaction.preconditions {
            let key = precondition.key();
            if !precondition.holds(self.current(key).as_ref()) {
                return Err(CommitError::PreconditionFailed { key: Key::clone(key) });
            }
        }
        let revision = self.revision + 1;
        for op in &transaction.ops {
            let (key, value) = match op {
                Op::Put(key, value) => (key, Some(value.clone())),
                Op::Delete(key) if self.current(key).is_some() => (key, None),
                Op::Delete(_) => continue,
            };
            let entry = value.clone().map(|value| Entry { value, revision });
            self.entries.insert(Key::clone(key), entry);
            self.changes.push(Change { key: Key::clone(key), value, revision });
            self.revision = revision;
        }
        Ok(Committed { revision: self.revision })
    }
}
