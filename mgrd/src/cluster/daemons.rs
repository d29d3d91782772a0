//! All daemons of the cluster.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::counters::{Counter, CounterError, Schema};
use super::daemon::{Daemon, DaemonId, HealthMetric};

/// The daemons by id. Ordered as Ceph orders them: by type, then by id as text.
#[derive(Default)]
pub struct Daemons {
    pub(super) by_id: RwLock<BTreeMap<DaemonId, Arc<Daemon>>>,
    schemas: Mutex<HashSet<Arc<Schema>>>,
}

impl Daemons {
    /// Announces a daemon or replaces its host and metadata; status and counters stay.
    pub fn put(&self, id: &DaemonId, hostname: &str, metadata: BTreeMap<String, String>) {
        let daemon = self.by_id.write().entry(id.clone()).or_default().clone();
        let mut facts = daemon.facts.write();
        hostname.clone_into(&mut facts.hostname);
        facts.metadata = metadata;
    }

    /// Removes a daemon with all that is known of it. Whether it was there.
    pub fn remove(&self, id: &DaemonId) -> bool {
        self.by_id.write().remove(id).is_some()
    }

    /// Replaces the status of a known daemon. Whether it is known.
    pub fn set_status(&self, id: &DaemonId, status: BTreeMap<String, String>) -> bool {
        let daemon = self.find(id);
        if let Some(daemon) = &daemon {
            daemon.facts.write().status = status;
        }
        daemon.is_some()
    }

    /// Replaces the health metrics of a known daemon. Whether it is known.
    pub fn set_health_metrics(&self, id: &DaemonId, metrics: Vec<HealthMetric>) -> bool {
        let daemon = self.find(id);
        if let Some(daemon) = &daemon {
            daemon.facts.write().metrics = metrics;
        }
        daemon.is_some()
    }

    /// The schema of these counters; equal ones are one and the same in memory.
    pub fn schema(&self, counters: Vec<Counter>) -> Arc<Schema> {
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

    /// Takes in the schema of a daemon.
    pub fn set_schema(&self, id: &DaemonId, schema: &Arc<Schema>) -> Result<(), CounterError> {
        let daemon = self.find(id).ok_or_else(|| CounterError::UnknownDaemon(id.to_string()))?;
        daemon.counters.write().set_schema(schema);
        Ok(())
    }

    /// Takes in one row of counter values, packed as `schema` says, of the time `stamp` in seconds
    /// since 1970.
    pub fn put_counters(
        &self,
        id: &DaemonId,
        schema: &Arc<Schema>,
        stamp: f64,
        row: &[u64],
    ) -> Result<(), CounterError> {
        let daemon = self.find(id).ok_or_else(|| CounterError::UnknownDaemon(id.to_string()))?;
        let (expected, got) = (schema.width(), row.len());
        if expected != got {
            return Err(CounterError::Width { daemon: id.to_string(), expected, got });
        }
        if !stamp.is_finite() {
            return Err(CounterError::Stamp(id.to_string()));
        }
        let mut counters = daemon.counters.write();
        counters.set_schema(schema);
        counters.push(stamp, row);
        Ok(())
    }

    /// How many daemons there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_id.read().len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn find(&self, id: &DaemonId) -> Option<Arc<Daemon>> {
        self.by_id.read().get(id).cloned()
    }

    /// The daemons of a type and id, an empty text meaning any.
    pub(super) fn select(&self, kind: &str, id: &str) -> Vec<(DaemonId, Arc<Daemon>)> {
        let fits = |daemon: &DaemonId| {
            (kind.is_empty() || daemon.kind == kind) && (id.is_empty() || daemon.id == id)
        };
        let by_id = self.by_id.read();
        by_id.iter().filter(|(id, _)| fits(id)).map(|(id, d)| (id.clone(), d.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::counters::kind;

    fn counters() -> Vec<Counter> {
        let (path, description) = ("osd.op".to_owned(), String::new());
        vec![Counter { path, description, nick: None, kind: kind::U64, priority: 5, units: 1 }]
    }

    #[test]
    fn equal_schemas_are_one_and_unused_ones_go() {
        let daemons = Daemons::default();
        let first = daemons.schema(counters());
        assert!(Arc::ptr_eq(&first, &daemons.schema(counters())));
        drop(first);
        let _other = daemons.schema(Vec::new());
        assert_eq!(daemons.schemas.lock().len(), 1);
    }

    #[test]
    fn a_row_that_does_not_fit_is_refused_and_changes_nothing() {
        let daemons = Daemons::default();
        let (id, schema) = (DaemonId::new("osd", "0"), daemons.schema(counters()));
        let unknown = daemons.put_counters(&id, &schema, 1.0, &[1]).unwrap_err().to_string();
        assert!(unknown.contains("osd.0") && unknown.contains("announce it first"));
        daemons.put(&id, "node1", BTreeMap::new());
        assert!(daemons.put_counters(&id, &schema, 1.0, &[1, 2]).is_err());
        assert!(daemons.put_counters(&id, &schema, f64::NAN, &[1]).is_err());
        assert!(daemons.counter("osd", "0", "osd.op").is_empty());
        daemons.put_counters(&id, &schema, 1.0, &[1]).unwrap();
        assert_eq!(daemons.counter("osd", "0", "osd.op").len(), 1);
    }

    #[test]
    fn announcing_again_keeps_counters_and_status() {
        let daemons = Daemons::default();
        let (id, schema) = (DaemonId::new("osd", "0"), daemons.schema(counters()));
        daemons.put(&id, "node1", BTreeMap::new());
        daemons.put_counters(&id, &schema, 1.0, &[1]).unwrap();
        assert!(daemons.set_status(&id, BTreeMap::from([("s".into(), "1".into())])));
        daemons.put(&id, "node2", BTreeMap::new());
        assert_eq!(daemons.counter("osd", "0", "osd.op").len(), 1);
        assert_eq!(daemons.status("osd", "0").unwrap()["s"], "1");
        assert_eq!(daemons.metadata("osd", "0").unwrap()["hostname"], "node2");
        assert!(daemons.remove(&id) && !daemons.remove(&id) && daemons.is_empty());
        assert!(!daemons.set_status(&id, BTreeMap::new()));
    }
}
