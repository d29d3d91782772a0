//! What modules may ask about perf counters, in the shapes they know.

use std::sync::Arc;

use serde::Serialize;
use serde::ser::SerializeMap;

use super::counters::{Counter, Labels, Point, Schema};
use super::daemon::{Daemon, DaemonId};
use super::daemons::Daemons;

/// The schemas of some daemons, serialised as `{"osd.0": {path: {…}}}`.
#[derive(Debug)]
pub struct PerfSchemas(pub Vec<(DaemonId, Arc<Schema>)>);

/// The newest values of many daemons, serialised as `{"osd.0": {path: {…schema…, value, count?}}}`.
#[derive(Debug)]
pub struct PerfCounters {
    /// Counters of a lower priority are left out of the serialised form.
    pub priority: u32,
    /// Each daemon with its schema and its newest row: the time, and one number a counter, then one
    /// count an average. No row yet counts as zeros at time 0.
    pub daemons: Vec<LatestRow>,
}

/// A daemon, its schema, the time of its newest row and that row.
pub type LatestRow = (DaemonId, Arc<Schema>, f64, Vec<u64>);

impl Daemons {
    /// The schemas of a daemon, of all of a type (`id` empty) or of all (both empty).
    #[must_use]
    pub fn perf_schema(&self, kind: &str, id: &str) -> PerfSchemas {
        let daemons = self.select(kind, id).into_iter();
        let schema = |(id, daemon): (DaemonId, Arc<Daemon>)| {
            let schema = daemon.counters.read().schema()?.clone();
            Some((id, schema))
        };
        PerfSchemas(daemons.filter_map(schema).collect())
    }

    /// The kept points of a counter, oldest first; none if daemon or counter are not known.
    #[must_use]
    pub fn counter(&self, kind: &str, id: &str, path: &str, labels: &Labels) -> Vec<Point> {
        let daemon = self.find(&DaemonId::new(kind, id));
        daemon.map_or_else(Vec::new, |daemon| daemon.counters.read().points(path, labels))
    }

    /// The newest point of a counter.
    #[must_use]
    pub fn latest_counter(&self, kind: &str, id: &str, path: &str) -> Option<Point> {
        let daemon = self.find(&DaemonId::new(kind, id))?;
        daemon.counters.read().latest_point(path, &Labels::new())
    }

    /// The newest values of all daemons of these types.
    #[must_use]
    pub fn all_perf_counters(&self, priority: u32, kinds: &[impl AsRef<str>]) -> PerfCounters {
        let wanted = |id: &DaemonId| kinds.iter().any(|kind| kind.as_ref() == id.kind);
        PerfCounters { priority, daemons: self.latest_rows(wanted) }
    }

    /// The newest row of each daemon that is wanted; see [`PerfCounters::daemons`].
    #[must_use]
    pub fn latest_rows(&self, wanted: impl Fn(&DaemonId) -> bool) -> Vec<LatestRow> {
        let daemons = self.select("", "").into_iter().filter(|(id, _)| wanted(id));
        daemons.filter_map(|(id, daemon)| latest_row(id, &daemon)).collect()
    }

    /// The newest row of one daemon; none if there is no such daemon or it has no counters.
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

#[derive(Serialize)]
struct Valued<'a> {
    #[serde(flatten)]
    counter: &'a Counter,
    value: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
}

struct Row<'a> {
    priority: u32,
    schema: &'a Schema,
    row: &'a [u64],
}

impl Serialize for Row<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let wanted = |c: &Counter| c.labels.is_empty() && c.priority >= self.priority;
        for column in self.schema.columns().filter(|column| wanted(column.counter)) {
            let (value, count) = (column.value(self.row), column.count(self.row));
            let counter = column.counter;
            map.serialize_entry(&counter.path, &Valued { counter, value, count })?;
        }
        map.end()
    }
}

impl Serialize for PerfCounters {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let priority = self.priority;
        let daemons = self.daemons.iter();
        serializer
            .collect_map(daemons.map(|(id, schema, _, row)| (id, Row { priority, schema, row })))
    }
}
