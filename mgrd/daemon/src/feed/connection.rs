//! One connection of a feed.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::command::PendingCommand;
use super::error::FeedError;
use super::registry::{Owner, Registry};
use super::shared::Shared;
use crate::cluster::{DaemonChange, DaemonId, LogEntry};
use crate::health::{Checks, Source, feed_checks};
use crate::text::{has_controls, line};

/// How much of a name that is refused is shown, in bytes.
const SHOWN: usize = 256;

/// A feed that has just connected.
pub struct Connection {
    /// What the feed sends goes in here.
    pub feed: FeedHandle,
    /// Commands to run on the cluster. The channel ends at once if the feed runs no commands, and
    /// when a newer connection replaces this one.
    pub commands: mpsc::Receiver<PendingCommand>,
}

/// What a feed can send. Each call also shows that the feed is alive. Each call fails with
/// [`FeedError::TakenOver`] after a newer connection of the same name. Dropping the handle ends the
/// connection; the data of the feed stays as the last known state.
pub struct FeedHandle {
    pub(super) shared: Arc<Shared>,
    pub(super) name: String,
    pub(super) connection: u64,
}

impl FeedHandle {
    /// The feed's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Sets a document to this JSON text. The checks of a `health` document, in Ceph's form, become
    /// the feed's health checks.
    pub fn put_document(&self, name: &str, json: Bytes) -> Result<(), FeedError> {
        check_name("document", name)?;
        if let Err(source) = serde_json::from_slice::<serde::de::IgnoredAny>(&json) {
            return Err(FeedError::NotJson { name: name.to_owned(), source });
        }
        let checks = match name {
            "health" => Some(feed_checks(&json).ok_or(FeedError::NoChecks)?),
            _ => None,
        };
        self.apply(|registry| {
            registry.claim_document(&self.name, name, json.len())?;
            self.shared.cluster.documents.put(name, json);
            Ok(())
        })?;
        checks.map_or(Ok(()), |checks| self.put_health_checks(checks))
    }

    /// Removes a document, if the feed has it. A `health` document takes the feed's health checks
    /// with it.
    pub fn remove_document(&self, name: &str) -> Result<(), FeedError> {
        self.apply(|registry| {
            let feed = registry.feeds.get_mut(&self.name);
            if feed.and_then(|feed| feed.documents.remove(name)).is_some() {
                self.shared.drop_document(registry, name);
                if name == "health" {
                    self.shared.health.remove(Source::Feed(self.name.clone()));
                }
            }
            Ok(())
        })
    }

    /// Adds a daemon, or changes what is known of it.
    pub fn put_daemon(&self, id: &DaemonId, mut change: DaemonChange) -> Result<(), FeedError> {
        let limits = self.shared.limits;
        check_name("daemon", &id.to_string())?;
        for counter in change.schema.iter().flatten() {
            check_name("perf counter", &counter.path)?;
        }
        let bytes =
            |map: &BTreeMap<String, String>| map.iter().map(|(k, v)| k.len() + v.len()).sum();
        let metrics = change.health_metrics.iter().flatten();
        let facts: [usize; 6] = [
            metrics.map(|metric| metric.kind.len() + size_of_val(metric)).sum(),
            id.kind.len(),
            id.id.len(),
            change.hostname.as_ref().map_or(0, String::len),
            change.metadata.as_ref().map_or(0, bytes),
            change.status.as_ref().map_or(0, bytes),
        ];
        if facts.iter().sum::<usize>() > limits.fact_bytes {
            let what = format!("what is known of daemon {id}");
            return Err(FeedError::TooLarge { what, limit: limits.fact_bytes });
        }
        if change.schema.as_ref().is_some_and(|schema| schema.len() > limits.counters) {
            let (what, limit) = ("perf counters in one daemon", limits.counters);
            return Err(FeedError::TooMany { what, limit });
        }
        clean(&mut change, limits.fact_bytes);
        self.apply(|registry| {
            registry.claim_daemon(&self.name, id, &change)?;
            self.shared.cluster.daemons.put(id, change);
            Ok(())
        })
    }

    /// Removes a daemon, if the feed has it.
    pub fn remove_daemon(&self, id: &DaemonId) -> Result<(), FeedError> {
        self.apply(|registry| {
            let is_own = |owner: &Owner| owner.feed == self.name;
            if registry.daemons.get(id).is_some_and(is_own)
                && let Some(owner) = registry.daemons.remove(id)
            {
                self.shared.cluster.daemons.remove(id);
                if let Some(feed) = registry.feeds.get_mut(&self.name) {
                    feed.lost(&owner);
                }
            }
            Ok(())
        })
    }

    /// Adds values of a daemon's counters, taken at `stamp` (seconds since 1970): one value for each
    /// counter of the schema, and one count for each average among them.
    pub fn put_counters(
        &self,
        id: &DaemonId,
        stamp: f64,
        values: &[u64],
        counts: &[u64],
    ) -> Result<(), FeedError> {
        self.apply(|registry| {
            if registry.daemons.get(id).is_some_and(|owner| owner.feed != self.name) {
                registry.claim_daemon(&self.name, id, &DaemonChange::default())?;
            }
            Ok(self.shared.cluster.daemons.put_counters(id, stamp, values, counts)?)
        })
    }

    /// Replaces the feed's whole set of health checks.
    pub fn put_health_checks(&self, checks: Checks) -> Result<(), FeedError> {
        self.apply(|registry| {
            if let Some(feed) = registry.feeds.get_mut(&self.name) {
                feed.checks_connection = self.connection;
            }
            self.shared.health.set(Source::Feed(self.name.clone()), checks);
            Ok(())
        })
    }

    /// The feed has sent its whole state on this connection. Removes what an earlier connection
    /// sent and this one did not.
    pub fn complete_snapshot(&self) -> Result<(), FeedError> {
        self.apply(|registry| {
            let cluster = &self.shared.cluster;
            let Registry { feeds, daemons, .. } = registry;
            let Some(feed) = feeds.get_mut(&self.name) else { return Ok(()) };
            let old = feed.documents.extract_if(|_, it| it.connection != self.connection);
            let documents: Vec<_> = old.map(|(name, _)| name).collect();
            let old =
                |owner: &Owner| owner.feed == self.name && owner.connection != self.connection;
            for (id, owner) in daemons.extract_if(|_, owner| old(owner)) {
                cluster.daemons.remove(&id);
                feed.lost(&owner);
            }
            if feed.checks_connection != self.connection {
                self.shared.health.remove(Source::Feed(self.name.clone()));
            }
            documents.iter().for_each(|name| self.shared.drop_document(registry, name));
            Ok(())
        })
    }

    /// Adds an entry to the cluster log, and notifies the modules that listen for `clog`.
    pub fn cluster_log(&self, entry: LogEntry) -> Result<(), FeedError> {
        self.apply(|_| {
            let entry = self.shared.cluster.add_log(entry);
            (self.shared.notifier)("clog", serde_json::to_value(entry).unwrap_or_default());
            Ok(())
        })
    }

    /// Notifies modules, for example of `osd_map`. Everything sent before is already in place.
    pub fn notify(&self, kind: &str, id: Value) -> Result<(), FeedError> {
        self.apply(|_| {
            (self.shared.notifier)(kind, id);
            Ok(())
        })
    }

    /// Shows that the feed is alive, without a change.
    pub fn heartbeat(&self) -> Result<(), FeedError> {
        self.apply(|_| Ok(()))
    }

    /// Applies a change while the registry is locked, so that a newer connection cannot replace this
    /// one meanwhile.
    fn apply(
        &self,
        change: impl FnOnce(&mut Registry) -> Result<(), FeedError>,
    ) -> Result<(), FeedError> {
        let mut registry = self.shared.registry.lock();
        let Some(feed) = registry.latest(&self.name, self.connection) else {
            return Err(FeedError::TakenOver(self.name.clone()));
        };
        if !feed.status().is_fresh() {
            self.shared.freshness_changed();
        }
        feed.last_message = Instant::now();
        change(&mut registry)
    }
}

/// Refuses a name that could control a terminal or look like several lines.
fn check_name(what: &'static str, name: &str) -> Result<(), FeedError> {
    match has_controls(name) {
        true => {
            Err(FeedError::OddName { what, name: line(&name.escape_debug().to_string(), SHOWN) })
        }
        false => Ok(()),
    }
}

/// Removes what could control a terminal from the texts that describe a daemon.
fn clean(change: &mut DaemonChange, limit: usize) {
    let clean = |text: &mut String| {
        if has_controls(text) {
            *text = line(text, limit);
        }
    };
    change.hostname.iter_mut().for_each(clean);
    for map in [&mut change.metadata, &mut change.status].into_iter().flatten() {
        if map.keys().any(|key| has_controls(key)) {
            let entries = std::mem::take(map).into_iter();
            *map = entries.map(|(key, value)| (line(&key, limit), value)).collect();
        }
        map.values_mut().for_each(clean);
    }
    for metric in change.health_metrics.iter_mut().flatten() {
        clean(&mut metric.kind);
    }
    for counter in change.schema.iter_mut().flatten() {
        clean(&mut counter.description);
        counter.nick.iter_mut().for_each(clean);
    }
}

impl Drop for FeedHandle {
    fn drop(&mut self) {
        let mut registry = self.shared.registry.lock();
        let Some(feed) = registry.latest(&self.name, self.connection) else { return };
        feed.disconnect();
        drop(registry);
        self.shared.freshness_changed();
        self.shared.cluster.event("feed", &self.name, "disconnected; its last state stays");
    }
}
