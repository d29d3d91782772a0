//! What modules can ask about perf counters, in the form of Ceph's module API.

use std::sync::Arc;

use serde::Serialize;

use super::counters::{Labels, Point, Schema};
use super::daemon::{Daemon, DaemonId};
use super::daemons::Daemons;

/// The schemas of some daemons, serialized as `{"osd.0": {path: {…}}}`.
#[derive(Debug)]
pub struct PerfSchemas(pub Vec<(DaemonId, Arc<Schema>)>);

/// A daemon, its schema, the time of its newest row, and the row: one number for each counter, then
/// one count for each average. A daemon without a row has zeros at time 0.
pub type LatestRow = (DaemonId, Arc<Schema>, f64, Vec<u64>);

impl Daemons {
    /// The schemas of one daemon, of all daemons of a type (`id` is empty), or of all daemons (both
    /// are empty).
    #[must_use]
    pub fn perf_schema(&self, kind: &str, id: &str) -> PerfSchemas {
        let daemons = self.select(kind, id).into_iter();
        let schema = |(id, daemon): (DaemonId, Arc<Daemon>)| {
            let schema = daemon.counters.read().schema()?.clone();
            Some((id, schema))
        };
        PerfSchemas(daemons.filter_map(schema).collect())
    }

    /// The values of a counter, oldest first. Empty if the daemon or the counter is unknown.
    #[must_use]
    pub fn counter(&self, kind: &str, id: &str, path: &str, labels: &Labels) -> Vec<Point> {
        let daemon = self.find(&DaemonId::new(kind, id));
        daemon.map_or_else(Vec::new, |daemon| daemon.counters.read().points(path, labels))
    }

    /// The newest row of each wanted daemon.
    #[must_use]
    pub fn latest_rows(&self, wanted: impl Fn(&DaemonId) -> bool) -> Vec<LatestRow> {
        let daemons = self.select("", "").into_iter().filter(|(id, _)| wanted(id));
        daemons.filter_map(|(id, daemon)| latest_row(id, &daemon)).collect()
    }

    /// The newest row of one daemon. `None` if the daemon is unknown or has no counters.
    #[must_use]
    pub fn latest_row(&self, id: &DaemonId) -> Option<LatestRow> {
        latest_row(id.clone(), &*self.find(id)?)
    }
}

fn latest_row(id: DaemonId, daemon: &Daemon) -> Option<LatestRow> {
    let history = daemon.counters.read();
    let schema = history.schema()?.clone();
    let (t, row) = match history.latest() {
        Some((t, row)) => (t, row.to_vec()),
        None => (0.0, vec![0; schema.width()]),
    };
    Some((id, schema, t, row))
}

impl Serialize for PerfSchemas {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(id, schema)| (id, schema)))
    }
}
