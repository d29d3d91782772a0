//! All reports: how they are stored, found and removed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use mgrd_storage::{CommitError, Storage, StorageFault, Transaction};
use parking_lot::Mutex;
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval};

use super::error::CrashError;
use super::facts::Facts;
use super::limits::Limits;
use super::posted::{self, SHOWN};
use super::recent::checks;
use super::report::Report;
use super::retention::surplus;
use super::summary::Summary;
use super::{of_run, options};
use crate::authority::Identity;
use crate::health::{Checks, Health, Source};
use crate::module::{CrashedRun, WaitingCrashes};
use crate::options::Options;
use crate::text::line;
use crate::write::write;

/// The folder of the reports in the storage.
const FOLDER: &str = "mgrd/crash/";
/// How often reports that are too old are removed.
const PRUNE_INTERVAL: Duration = Duration::from_secs(600);
/// How many bytes of reports one transaction changes.
const BATCH_BYTES: usize = 1 << 20;

type Known = BTreeMap<String, Summary>;

struct Inner {
    storage: Arc<dyn Storage>,
    options: Options,
    health: Health,
    facts: Facts,
    limits: Limits,
    /// What is stored, by id. It is read from the storage once.
    known: OnceCell<Mutex<Known>>,
    /// A writer holds this lock, so that what it read is what it changes.
    writing: tokio::sync::Mutex<()>,
}

/// The reports of crashes. A clone shares them.
#[derive(Clone)]
pub struct Crashes(Arc<Inner>);

impl Crashes {
    /// The reports in `storage`.
    #[must_use]
    pub fn new(
        storage: Arc<dyn Storage>,
        options: Options,
        health: Health,
        facts: Facts,
        limits: Limits,
    ) -> Self {
        options.schemas.declare_builtin(options::MODULE, options::declared());
        let (known, writing) = (OnceCell::new(), tokio::sync::Mutex::default());
        Self(Arc::new(Inner { storage, options, health, facts, limits, known, writing }))
    }

    /// Stores a report of each crash that waits, and removes old reports, until dropped or until the
    /// storage shows that the term is over. What is not stored then waits for the next term.
    pub async fn keep(self, waiting: Arc<WaitingCrashes>) {
        let mut ticks = interval(PRUNE_INTERVAL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                run = waiting.oldest() => {
                    if !self.record(&run).await {
                        return;
                    }
                    waiting.remove(&run.id);
                }
                _ = ticks.tick() => {
                    let retained = options::retain_interval(&self.0.options);
                    if let Err(why) = self.prune(retained).await {
                        tracing::warn!("old reports of crashes cannot be removed: {why}");
                    }
                }
            }
            self.report();
        }
    }

    /// All reports, by id.
    pub async fn list(&self) -> BTreeMap<String, Summary> {
        self.known().await.lock().clone()
    }

    /// The reports with these ids, as they are stored.
    #[must_use]
    pub fn stored(&self, ids: &[String]) -> Vec<Bytes> {
        ids.iter().filter_map(|id| Some(self.0.storage.get(&key(id))?.value)).collect()
    }

    /// One report, as it is stored.
    ///
    /// # Errors
    /// If there is none with this id.
    pub async fn get(&self, id: &str) -> Result<Bytes, CrashError> {
        let known = self.known().await.lock().contains_key(id);
        let stored = known.then(|| self.0.storage.get(&key(id))).flatten();
        stored.map(|entry| entry.value).ok_or_else(|| CrashError::NotFound(line(id, SHOWN)))
    }

    /// Adds the report of a client, unless there is one with its id.
    ///
    /// # Errors
    /// If it is no report, is too long, or the storage refuses.
    pub async fn post(&self, input: &[u8], by: &Identity) -> Result<(), CrashError> {
        let (id, report) = posted::read(input, by, &self.0.limits)?;
        let _writing = self.0.writing.lock().await;
        if !self.known().await.lock().contains_key(&id) {
            self.put(id, &report, None).await?;
        }
        Ok(())
    }

    /// Marks a report as seen.
    ///
    /// # Errors
    /// If there is none with this id, or the storage refuses.
    pub async fn archive(&self, id: &str) -> Result<(), CrashError> {
        let _writing = self.0.writing.lock().await;
        match self.known().await.lock().get(id) {
            None => return Err(CrashError::NotFound(line(id, SHOWN))),
            Some(report) if report.archived => return Ok(()),
            Some(_) => {}
        }
        Ok(self.archive_batch(&[id.to_owned()]).await?)
    }

    /// Marks all reports as seen.
    ///
    /// # Errors
    /// If the storage refuses. Some may be marked then.
    pub async fn archive_all(&self) -> Result<(), CrashError> {
        let _writing = self.0.writing.lock().await;
        let new = self.select(|report| !report.archived).await;
        for batch in batches(new) {
            self.archive_batch(&batch).await?;
        }
        Ok(())
    }

    /// Removes a report, if there is one with this id, even if it is damaged.
    ///
    /// # Errors
    /// If the storage refuses.
    pub async fn remove(&self, id: &str) -> Result<(), CrashError> {
        let _writing = self.0.writing.lock().await;
        if self.0.storage.get(&key(id)).is_some() {
            self.remove_all(vec![id.to_owned()]).await?;
        }
        Ok(())
    }

    /// Removes the reports of crashes that are older than `age`.
    ///
    /// # Errors
    /// If the storage refuses.
    pub async fn prune(&self, age: Duration) -> Result<(), CrashError> {
        let _writing = self.0.writing.lock().await;
        let Ok(cutoff) = Timestamp::now().checked_sub(age) else { return Ok(()) };
        let old = self.select(|report| report.timestamp <= cutoff).await;
        Ok(self.remove_all(old.into_iter().map(|(id, _)| id).collect()).await?)
    }

    /// Raises the health check about new crashes, or clears it.
    pub fn report(&self) {
        let Some(known) = self.0.known.get() else { return };
        let interval = options::warn_recent_interval(&self.0.options);
        let checks = match Timestamp::now().checked_sub(interval) {
            Ok(cutoff) => checks(known.lock().values(), cutoff),
            Err(_) => Checks::new(),
        };
        self.0.health.set(Source::Host("crashes"), checks);
    }

    /// Stores the report about a module, unless it is stored. If that fails, the report is lost, and
    /// the log says so. Returns false if the term is over, so that only the next one can store it.
    async fn record(&self, run: &CrashedRun) -> bool {
        let report = of_run::report(run, &self.0.facts, self.0.limits.report_bytes);
        let _writing = self.0.writing.lock().await;
        if self.known().await.lock().contains_key(&run.id) {
            return true;
        }
        match self.put_or_count(run.id.clone(), report).await {
            Ok(()) => true,
            Err(CrashError::Commit(why)) if ends_term(&why) => false,
            Err(why) => {
                let (module, reason) = (&run.module, &run.reason);
                tracing::warn!(
                    module,
                    "the report of a crash of the module ({reason}) is lost: {why}"
                );
                true
            }
        }
    }

    /// Stores a report. If there are many new reports of the same crash, it replaces the newest.
    async fn put_or_count(&self, id: String, mut report: Report) -> Result<(), CrashError> {
        let Some(summary) = report.summary(0) else { return Ok(()) };
        let same = self
            .select(|known| {
                !known.archived
                    && (&known.module, &known.signature) == (&summary.module, &summary.signature)
            })
            .await;
        let newest = same.iter().max_by_key(|(_, known)| known.timestamp).map(|(id, _)| id);
        let newest = newest.filter(|_| same.len() >= self.0.limits.same).cloned();
        let earlier = newest.as_ref().and_then(|id| self.0.storage.get(&key(id)));
        if let Some(earlier) = earlier.and_then(|entry| Report::read(&entry.value)) {
            report.absorb(&earlier);
        }
        self.put(id, &report, newest).await
    }

    /// Stores a report, and removes what exceeds the limits then.
    async fn put(
        &self,
        id: String,
        report: &Report,
        replaced: Option<String>,
    ) -> Result<(), CrashError> {
        let bytes = report.bytes();
        let Some(summary) = report.summary(bytes.len()) else { return Ok(()) };
        let removed = {
            let mut known = self.known().await.lock();
            self.removed_by(&mut known, &id, &summary, replaced)
        };
        if removed.contains(&id) {
            return Err(CrashError::Full);
        }
        let transaction = Transaction::new().put(&key(&id), bytes);
        let transaction = removed.iter().fold(transaction, |all, id| all.delete(&key(id)));
        write(&*self.0.storage, "mgrd", transaction).await?;
        let known = self.known().await;
        removed.iter().for_each(|id| drop(known.lock().remove(id)));
        known.lock().insert(id, summary);
        self.report();
        Ok(())
    }

    /// What has to be removed when this report is stored. What is known stays the same.
    fn removed_by(
        &self,
        known: &mut Known,
        id: &str,
        summary: &Summary,
        replaced: Option<String>,
    ) -> Vec<String> {
        let replaced = replaced.and_then(|id| known.remove_entry(&id));
        // It is the newest, even if its time says something else.
        let newest = Summary { timestamp: Timestamp::MAX, ..summary.clone() };
        known.insert(id.to_owned(), newest);
        let mut removed = surplus(known, &self.0.limits);
        known.remove(id);
        removed.extend(replaced.iter().map(|(id, _)| id.clone()));
        known.extend(replaced);
        removed
    }

    async fn archive_batch(&self, ids: &[String]) -> Result<(), CommitError> {
        let now = Timestamp::now();
        let (mut transaction, mut archived) = (Transaction::new(), Vec::new());
        for id in ids {
            let stored = self.0.storage.get(&key(id));
            let Some(mut report) = stored.and_then(|entry| Report::read(&entry.value)) else {
                continue;
            };
            report.archive(now);
            let bytes = report.bytes();
            archived.push((id, report.summary(bytes.len())));
            transaction = transaction.put(&key(id), bytes);
        }
        write(&*self.0.storage, "mgrd", transaction).await?;
        let known = self.known().await;
        for (id, summary) in archived {
            if let Some(summary) = summary {
                known.lock().insert(id.clone(), summary);
            }
        }
        self.report();
        Ok(())
    }

    async fn remove_all(&self, ids: Vec<String>) -> Result<(), CommitError> {
        if ids.is_empty() {
            return Ok(());
        }
        let transaction = ids.iter().fold(Transaction::new(), |all, id| all.delete(&key(id)));
        write(&*self.0.storage, "mgrd", transaction).await?;
        let known = self.known().await;
        ids.iter().for_each(|id| drop(known.lock().remove(id)));
        self.report();
        Ok(())
    }

    /// The reports for which `wanted` is true.
    async fn select(&self, wanted: impl Fn(&Summary) -> bool) -> Vec<(String, Summary)> {
        let known = self.known().await.lock();
        let found = known.iter().filter(|(_, report)| wanted(report));
        found.map(|(id, report)| (id.clone(), report.clone())).collect()
    }

    /// What is known of the stored reports.
    async fn known(&self) -> &Mutex<Known> {
        let storage = Arc::clone(&self.0.storage);
        let read = || async {
            // Many reports take long to read. It fails only when the runtime ends.
            Mutex::new(spawn_blocking(move || read(&*storage)).await.unwrap_or_default())
        };
        self.0.known.get_or_init(read).await
    }
}

/// Whether no write of this term succeeds any more.
fn ends_term(why: &CommitError) -> bool {
    use StorageFault::{Fenced, Unexpected};
    matches!(why, CommitError::Closed | CommitError::Fault(Fenced { .. } | Unexpected { .. }))
}

fn key(id: &str) -> String {
    format!("{FOLDER}{id}")
}

/// Reads what is stored.
fn read(storage: &dyn Storage) -> Known {
    let mut known = Known::new();
    for (key, entry) in storage.range(FOLDER) {
        let id = key[FOLDER.len()..].to_owned();
        let summary = Report::read(&entry.value).and_then(|r| r.summary(entry.value.len()));
        match summary {
            Some(summary) => drop(known.insert(id, summary)),
            None => tracing::warn!(
                "the report '{id}' of a crash is damaged; remove it with 'mgrctl mgr crash rm {id}'"
            ),
        }
    }
    known
}

/// The ids in batches that fit into a transaction.
fn batches(reports: Vec<(String, Summary)>) -> Vec<Vec<String>> {
    let (mut batches, mut bytes) = (vec![Vec::new()], 0);
    for (id, report) in reports {
        if bytes + report.bytes > BATCH_BYTES {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += report.bytes;
        batches.last_mut().into_iter().for_each(|batch| batch.push(id.clone()));
    }
    batches.retain(|batch| !batch.is_empty());
    batches
}

#[cfg(test)]
mod tests;
