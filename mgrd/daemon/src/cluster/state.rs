//! The cluster state as one shared handle.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::daemons::Daemons;
use super::document::Document;
use super::documents::Documents;
use super::limits::Limits;
use super::log::{Event, LogEntry, Priority, stamp};
use super::osd_summary::OsdSummary;
use super::progress::{Progress, ProgressError};
use super::ring::Ring;
use crate::text;

/// The parts of the cluster state.
pub struct Parts {
    /// The documents of feeds and of `mgrd`.
    pub documents: Documents,
    /// The processes of the managed cluster.
    pub daemons: Daemons,
    /// The cluster log.
    pub log: Ring<LogEntry>,
    /// The events in the manager itself.
    pub events: Ring<Event>,
    /// The long-running work of modules.
    pub progress: Progress,
    /// How much is kept.
    pub limits: Limits,
    osd_summary: OsdSummary,
    log_seq: AtomicU64,
}

/// The cluster state. A clone shares it.
#[derive(Clone, Default)]
pub struct Cluster(Arc<Parts>);

impl Deref for Cluster {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Default for Parts {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Parts {
    fn new(limits: Limits) -> Self {
        Self {
            documents: Documents::default(),
            daemons: Daemons::default(),
            log: Ring::weighed(limits.log_entries, limits.log_bytes, LogEntry::bytes),
            events: Ring::new(limits.events),
            progress: Progress::new(limits),
            limits,
            osd_summary: OsdSummary::default(),
            log_seq: AtomicU64::new(0),
        }
    }
}

impl Cluster {
    /// A cluster without any state.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Parts::new(limits)))
    }

    /// The current version of a document.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Document> {
        self.documents.get(name)
    }

    /// The decoded value of a document. `Null` if the document does not exist.
    #[must_use]
    pub fn value(&self, name: &str) -> Value {
        self.get(name).map(|document| document.value()).unwrap_or_default()
    }

    /// The same with only these of its members.
    #[must_use]
    pub fn members(&self, name: &str, members: &[&str]) -> Value {
        self.get(name).map(|document| document.members(members)).unwrap_or_default()
    }

    /// How many OSDs the document `osd_map` has, and what describes the whole map. `Null` if it is not an
    /// object.
    #[must_use]
    pub fn osd_summary(&self) -> Option<Arc<Value>> {
        self.get("osd_map").map(|map| self.osd_summary.of(&map))
    }

    /// Stores a document of `mgrd` itself, such as `mgr_map`, and returns its version.
    pub fn put_own<T: Serialize>(&self, name: &str, value: &T) -> Result<u64, serde_json::Error> {
        Ok(self.documents.put_own(name, serde_json::to_vec(value)?.into()))
    }

    /// Writes to the cluster log as `name` and returns the entry, of which modules are notified.
    pub(crate) fn write_log(
        &self,
        name: &str,
        channel: &str,
        priority: Priority,
        message: &str,
    ) -> LogEntry {
        self.add_log(LogEntry {
            name: name.to_owned(),
            rank: name.to_owned(),
            addrs: Value::Null,
            stamp: stamp(Timestamp::now()),
            seq: self.log_seq.fetch_add(1, Ordering::Relaxed) + 1,
            channel: channel.to_owned(),
            priority,
            message: message.to_owned(),
        })
    }

    /// Adds an entry to the cluster log and returns it as it is stored.
    pub(crate) fn add_log(&self, mut entry: LogEntry) -> LogEntry {
        let Limits { log_message_bytes, name_bytes, .. } = self.limits;
        entry.message = text::lines(&entry.message, log_message_bytes);
        for name in [&mut entry.name, &mut entry.rank, &mut entry.channel] {
            *name = text::line(name, name_bytes);
        }
        self.log.push(entry.clone());
        entry
    }

    /// Records an event in the manager itself.
    pub fn event(&self, topic: &str, subject: &str, message: impl Into<String>) {
        let stamp = stamp(Timestamp::now());
        let (topic, subject) = (topic.to_owned(), subject.to_owned());
        let event = Event { stamp, topic, subject, message: message.into(), percent: None };
        self.events.push_of_many(event, Event::is_of_same_source);
    }

    /// Updates the progress of a module's work, and records an event when the percentage changes.
    pub fn work(
        &self,
        module: &str,
        id: &str,
        message: &str,
        done: f64,
        show: bool,
    ) -> Result<(), ProgressError> {
        let before = self.progress.percent(module, id);
        let event = self.progress.update(module, id, message, done, show)?;
        let percent = self.progress.percent(module, id);
        if percent != before {
            self.record_work(module, &event.message, percent);
        }
        Ok(())
    }

    /// Completes a module's work, and records an event. Work that is not open has already ended.
    pub fn work_ended(&self, module: &str, id: &str) {
        if let Some(event) = self.progress.complete(module, id) {
            self.record_work(module, &event.message, Some(100));
        }
    }

    fn record_work(&self, module: &str, message: &str, percent: Option<u8>) {
        let stamp = stamp(Timestamp::now());
        let (topic, subject, message) = ("progress".into(), module.into(), message.into());
        let event = Event { stamp, topic, subject, message, percent };
        self.events.push_of_many(event, Event::is_of_same_source);
    }
}

#[cfg(test)]
mod tests;
