//! The one thread that writes: it makes all waiting transactions durable with a single sync.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use parking_lot::RwLock;
use redb::Database;
use tokio::sync::{mpsc, oneshot};

use super::contract::{Entry, Key};
use super::error::{CommitError, StorageFault};
use super::image::Image;
use super::tables;
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
    pub(super) database: Arc<Database>,
    pub(super) epoch: u64,
    pub(super) place: String,
    pub(super) shared: Arc<Shared>,
}

impl Writer {
    /// Serves the queue until it is closed and empty.
    pub(super) fn run(self, mut queue: mpsc::Receiver<Job>) {
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
    fn serve(&self, jobs: Vec<Job>) {
        let mut batch = Batch::new(&self.shared.image);
        let answers: Vec<Answer> = jobs.iter().map(|job| batch.add(&job.transaction)).collect();
        let written = self.write(&batch);
        if written.is_ok() && !batch.changes.is_empty() {
            self.shared.image.apply(&batch.changes);
            self.shared.watchers.publish(&batch.changes);
        }
        for (job, answer) in jobs.into_iter().zip(answers) {
            let answer = written.clone().map_err(CommitError::Fault).and(answer);
            // Whoever does not wait any more does not want to know.
            let _ = job.answer.send(answer);
        }
    }

    fn write(&self, batch: &Batch<'_>) -> Result<(), StorageFault> {
        if let Some(fault) = &*self.shared.fault.read() {
            return Err(fault.clone());
        }
        if batch.changes.is_empty() {
            return Ok(());
        }
        let result = match self.commit(batch) {
            Ok(current) if current == self.epoch => return Ok(()),
            Ok(current) => {
                StorageFault::Fenced { place: self.place.clone(), held: self.epoch, current }
            }
            Err(error) => self.fault_of(error),
        };
        tracing::error!("{result}");
        *self.shared.fault.write() = Some(result.clone());
        Err(result)
    }

    /// Writes the batch unless the epoch has moved on; returns the storage's epoch.
    fn commit(&self, batch: &Batch<'_>) -> Result<u64, redb::Error> {
        let write = self.database.begin_write()?;
        let current = tables::stamp(&write, self.epoch, batch.revision)?;
        if current != self.epoch {
            write.abort()?;
            return Ok(current);
        }
        tables::write_entries(&write, &batch.entries)?;
        write.commit()?;
        Ok(current)
    }

    fn fault_of(&self, error: redb::Error) -> StorageFault {
        let place = self.place.clone();
        match error {
            redb::Error::Io(why) if why.kind() == io::ErrorKind::StorageFull => {
                StorageFault::Full { place }
            }
            other => StorageFault::Write { place, reason: other.to_string() },
        }
    }
}

/// The joint effect of several transactions, each judged on top of those before it.
struct Batch<'a> {
    image: &'a Image,
    /// The state of each touched key after the batch.
    entries: HashMap<Key, Option<Entry>>,
    changes: Vec<Change>,
    revision: u64,
}

impl<'a> Batch<'a> {
    fn new(image: &'a Image) -> Self {
        let revision = image.revision();
        Self { image, entries: HashMap::new(), changes: Vec::new(), revision }
    }

    fn current(&self, key: &str) -> Option<Entry> {
        match self.entries.get(key) {
            Some(entry) => entry.clone(),
            None => self.image.get(key),
        }
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
