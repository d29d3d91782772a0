//! All daemons of the cluster.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use tokio::sync::watch;

use super::counters::{Counter, CounterError, Schema};
use super::daemon::{Daemon, DaemonId, HealthMetric};

/// A change of what is known of a daemon. A field that is absent stays as it was.
#[derive(Clone, Debug, Default)]
pub struct DaemonChange {
    /// The host it runs on.
    pub hostname: Option<String>,
    /// Replaces the metadata.
    pub metadata: Option<BTreeMap<String, String>>,
    /// Replaces the status.
    pub status: Option<BTreeMap<String, String>>,
    /// Replaces the schema of its perf counters. A different schema empties their history.
    pub schema: Option<Vec<Counter>>,
    /// Replaces the health metrics.
    pub health_metrics: Option<Vec<HealthMetric>>,
}

fn set<T>(fact: &mut T, change: Option<T>) {
    if let Some(change) = change {
        *fact = change;
    }
}

/// The daemons, in Ceph's order: by type, then by id as text.
#[derive(Default)]
pub struct Daemons {
    pub(super) by_id: RwLock<BTreeMap<DaemonId, Arc<Daemon>>>,
    schemas: Mutex<HashSet<Arc<Schema>>>,
    /// Counts the changes of counters, and of the daemons that have them.
    changes: watch::Sender<u64>,
}

impl Daemons {
    /// Adds a daemon, or changes what is known of it.
    pub fn put(&self, id: &DaemonId, change: DaemonChange) {
        let daemon = self.by_id.write().entry(id.clone()).or_default().clone();
        if let Some(counters) = change.schema {
            daemon.counters.write().set_schema(&self.shared_schema(counters));
            self.counters_changed();
        }
        let mut facts = daemon.facts.write();
        set(&mut facts.hostname, change.hostname);
        set(&mut facts.metadata, change.metadata);
        set(&mut facts.status, change.status);
        set(&mut facts.metrics, change.health_metrics);
    }

    /// Removes a daemon and all its data. Returns whether it was known.
    pub fn remove(&self, id: &DaemonId) -> bool {
        let removed = self.by_id.write().remove(id).is_some();
        self.counters_changed();
        removed
    }

    /// Changes when counters change. A slow reader sees several changes as one.
    #[must_use]
    pub fn watch_counters(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn counters_changed(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }

    /// The schema of these counters. Daemons with equal counters share one schema.
    fn shared_schema(&self, counters: Vec<Counter>) -> Arc<Schema> {
        let schema = Schema::new(counters);
        let mut schemas = self.schemas.lock();
        if let Some(known) = schemas.get(&schema) {
            return known.clone();
        }
        schemas.retain(|unused| Arc::strong_count(unused) > 1);
        let schema = Arc::new(schema);
        schemas.insert(schema.clone());
        schema
    }

    /// Adds values of a daemon's counters, taken at `stamp` (seconds since 1970): one value for each
    /// counter of the schema, and one count for each average among them.
    pub fn put_counters(
        &self,
        id: &DaemonId,
        stamp: f64,
        values: &[u64],
        counts: &[u64],
    ) -> Result<(), CounterError> {
        let no_schema = || CounterError::NoSchema(id.to_string());
        let daemon = self.find(id).ok_or_else(no_schema)?;
        let mut history = daemon.counters.write();
        let schema = history.schema().ok_or_else(no_schema)?;
        let counters = schema.counters().len();
        let averages = schema.width() - counters;
        if (values.len(), counts.len()) != (counters, averages) {
            let (daemon, values, counts) = (id.to_string(), values.len(), counts.len());
            return Err(CounterError::Width { daemon, values, counts, counters, averages });
        }
        if !stamp.is_finite() {
            return Err(CounterError::Stamp(id.to_string()));
        }
        history.push(stamp, values, counts);
        drop(history);
        self.counters_changed();
        Ok(())
    }

    /// The number of daemons.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.read().len()
    }

    pub(super) fn find(&self, id: &DaemonId) -> Option<Arc<Daemon>> {
        self.by_id.read().get(id).cloned()
    }

    /// The daemons of a type and an id. An empty text means any.
    pub(super) fn select(&self, kind: &str, id: &str) -> Vec<(DaemonId, Arc<Daemon>)> {
        let fits = |daemon: &DaemonId| {
            (kind.is_empty() || daemon.kind == kind) && (id.is_empty() || daemon.id == id)
        };
        let by_id = self.by_id.read();
        by_id.iter().filter(|(id, _)| fits(id)).map(|(id, d)| (id.clone(), d.clone())).collect()
    }
}

#[cfg(test)]
mod tests;
