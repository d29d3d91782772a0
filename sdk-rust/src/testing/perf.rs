//! Perf counters of a test's cluster.

use std::collections::HashMap;

use mgrd_proto::v1;
use serde_json::{Map, Value, json};

/// A perf counter of a daemon, with its values in order.
#[derive(Clone, Debug)]
pub struct TestCounter {
    schema: v1::CounterSchema,
    points: Vec<v1::CounterPoint>,
}

/// A whole number that goes up and down.
const GAUGE: u32 = 2;
const TIME: u32 = 1;
const AVERAGE: u32 = 4;
const GROWS: u32 = 8;

impl TestCounter {
    /// A number that goes up and down, such as `osd.numpg`, of priority 5.
    #[must_use]
    pub fn gauge(path: &str) -> Self {
        let schema = v1::CounterSchema {
            path: path.to_owned(),
            r#type: GAUGE,
            priority: 5,
            units: 1,
            ..Default::default()
        };
        Self { schema, points: Vec::new() }
    }

    /// A number that only grows, such as `osd.op`.
    #[must_use]
    pub fn counter(path: &str) -> Self {
        Self::gauge(path).with(GROWS)
    }

    /// An average of times, such as `osd.op_latency`; its values are sums of nanoseconds.
    #[must_use]
    pub fn latency(path: &str) -> Self {
        Self::gauge(path).with(TIME | AVERAGE)
    }

    fn with(mut self, bits: u32) -> Self {
        self.schema.r#type = if bits & TIME == 0 { GAUGE | bits } else { bits };
        self
    }

    /// Sets the priority: 10 critical, 8 interesting, 5 useful, 2 uninteresting, 0 debug.
    #[must_use]
    pub fn priority(mut self, priority: u32) -> Self {
        self.schema.priority = priority;
        self
    }

    /// Adds a label, which distinguishes it from others of the same path.
    #[must_use]
    pub fn label(mut self, name: &str, value: &str) -> Self {
        self.schema.labels.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Adds the next value, one second after the previous one.
    #[must_use]
    pub fn value(self, value: u64) -> Self {
        self.average(value, 0)
    }

    /// Adds the next sum and count, one second after the previous ones.
    #[must_use]
    pub fn average(mut self, value: u64, count: u64) -> Self {
        let time = self.points.last().map_or(0.0, |point| point.time) + 1.0;
        self.points.push(v1::CounterPoint { time, value, count });
        self
    }

    pub(super) fn is(&self, path: &str, labels: &HashMap<String, String>) -> bool {
        self.schema.path == path && self.schema.labels == *labels
    }

    pub(super) fn points(&self, most: u32) -> v1::GetCounterResponse {
        let most = if most == 0 { self.points.len() } else { most as usize };
        let skipped = self.points.len().saturating_sub(most);
        let has_count = self.schema.r#type & AVERAGE != 0;
        v1::GetCounterResponse { points: self.points[skipped..].to_vec(), has_count }
    }
}

/// A schema in the format of Ceph.
pub(super) fn schema(counters: &[TestCounter]) -> Value {
    let described = |counter: &TestCounter| {
        let schema = &counter.schema;
        let described = json!({
            "description": schema.description,
            "nick": schema.nick,
            "type": schema.r#type,
            "priority": schema.priority,
            "units": schema.units,
        });
        (schema.path.clone(), described)
    };
    let unlabelled = counters.iter().filter(|counter| counter.schema.labels.is_empty());
    Value::from(unlabelled.map(described).collect::<Map<_, _>>())
}

/// The latest values of a daemon, with a schema of its own.
pub(super) fn packed(
    schema_id: u64,
    daemon: v1::DaemonKey,
    counters: &[TestCounter],
) -> (v1::PerfSchema, v1::PackedCounters) {
    let latest = |counter: &TestCounter| counter.points.last().copied().unwrap_or_default();
    let averages = counters.iter().filter(|counter| counter.schema.r#type & AVERAGE != 0);
    let values = v1::PackedCounters {
        daemon: Some(daemon),
        schema_id,
        time: counters.iter().map(|counter| latest(counter).time).fold(0.0, f64::max),
        values: counters.iter().map(|counter| latest(counter).value).collect(),
        counts: averages.map(|counter| latest(counter).count).collect(),
    };
    let counters = counters.iter().map(|counter| counter.schema.clone()).collect();
    (v1::PerfSchema { id: schema_id, counters }, values)
}
