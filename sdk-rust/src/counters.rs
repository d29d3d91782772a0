//! Perf counters of the cluster's daemons.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use mgrd_proto::v1;
use parking_lot::Mutex;
use serde::Deserialize;

use crate::daemons::{key, shaped};
use crate::{Host, HostError};

/// Bit of `CounterSchema::kind`: the value is nanoseconds.
const TIME: u32 = 1;
/// Bit: sum and count.
const AVERAGE: u32 = 4;
/// Bit: only grows.
const GROWS: u32 = 8;
/// Bit: histogram.
const HISTOGRAM: u32 = 16;
/// Of `CounterSchema::units`: the value is bytes.
const BYTES: u32 = 0;

/// What a perf counter is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CounterSchema {
    /// The path, such as `osd.op_latency`.
    #[serde(default)]
    pub path: String,
    /// One line for people.
    pub description: String,
    /// A short name for narrow columns; may be empty.
    #[serde(default)]
    pub nick: String,
    /// 10 critical, 8 interesting, 5 useful, 2 uninteresting, 0 debug.
    pub priority: u32,
    /// The labels that distinguish it from other counters of the daemon with the same path, such as
    /// `{"pool": "rbd"}`. Most counters have none.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    #[serde(rename = "type")]
    kind: u32,
    units: u32,
}

impl CounterSchema {
    /// Whether its value is nanoseconds.
    #[must_use]
    pub fn is_time(&self) -> bool {
        self.kind & TIME != 0
    }

    /// Whether its value is a sum with a count.
    #[must_use]
    pub fn is_average(&self) -> bool {
        self.kind & AVERAGE != 0
    }

    /// Whether it only grows.
    #[must_use]
    pub fn only_grows(&self) -> bool {
        self.kind & GROWS != 0
    }

    /// Whether its value is bytes.
    #[must_use]
    pub fn is_bytes(&self) -> bool {
        self.units == BYTES
    }

    /// Whether it is a histogram, whose value has no meaning.
    #[must_use]
    pub fn is_histogram(&self) -> bool {
        self.kind & HISTOGRAM != 0
    }
}

/// The latest values of one daemon.
#[derive(Clone, Debug)]
pub struct DaemonCounters {
    /// The service type, such as `osd`.
    pub service: String,
    /// The id inside its type.
    pub id: String,
    /// Seconds since 1970-01-01 UTC.
    pub time: f64,
    schema: Arc<[CounterSchema]>,
    values: Vec<u64>,
    counts: Vec<u64>,
}

/// One value of one counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter<'a> {
    /// What it is.
    pub schema: &'a CounterSchema,
    /// The value, or the sum of an average.
    pub value: u64,
    /// The count of an average.
    pub count: Option<u64>,
}

impl DaemonCounters {
    /// The counters, in the order of the schema.
    pub fn iter(&self) -> impl Iterator<Item = Counter<'_>> {
        let mut counts = self.counts.iter();
        self.schema.iter().zip(&self.values).map(move |(schema, &value)| {
            let count = schema.is_average().then(|| counts.next().copied().unwrap_or_default());
            Counter { schema, value, count }
        })
    }
}

/// The value of one counter at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CounterPoint {
    /// Seconds since 1970-01-01 UTC.
    pub time: f64,
    /// The value, or the sum of an average; nanoseconds where the schema says time.
    pub value: u64,
    /// The count of an average.
    pub count: Option<u64>,
}

/// The schemas that this process has received, by the ids of the host.
#[derive(Debug, Default)]
pub(crate) struct Schemas(Mutex<HashMap<u64, Arc<[CounterSchema]>>>);

impl Schemas {
    fn known(&self) -> Vec<u64> {
        self.0.lock().keys().copied().collect()
    }

    fn unpack(&self, answer: v1::GetPerfCountersResponse) -> Vec<DaemonCounters> {
        let mut known = self.0.lock();
        for schema in answer.schemas {
            known.insert(schema.id, schema.counters.into_iter().map(Into::into).collect());
        }
        // Schemas that no daemon uses any more are dropped.
        let used: Vec<u64> = answer.daemons.iter().map(|daemon| daemon.schema_id).collect();
        let unpacked = answer.daemons.into_iter().filter_map(|packed| {
            let key = packed.daemon.unwrap_or_default();
            Some(DaemonCounters {
                service: key.r#type,
                id: key.id,
                time: packed.time,
                schema: known.get(&packed.schema_id)?.clone(),
                values: packed.values,
                counts: packed.counts,
            })
        });
        let unpacked = unpacked.collect();
        if known.len() > 2 * used.len() + 16 {
            known.retain(|id, _| used.contains(id));
        }
        unpacked
    }
}

impl From<v1::CounterSchema> for CounterSchema {
    fn from(schema: v1::CounterSchema) -> Self {
        Self {
            path: schema.path,
            description: schema.description,
            nick: schema.nick,
            priority: schema.priority,
            labels: schema.labels.into_iter().collect(),
            kind: schema.r#type,
            units: schema.units,
        }
    }
}

impl Host {
    /// The latest value of every perf counter with at least this priority (10 critical,
    /// 8 interesting, 5 useful, 2 uninteresting, 0 debug), of all daemons of these service types;
    /// no types means all.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn perf_counters(
        &self,
        min_priority: u32,
        types: &[&str],
    ) -> Result<Vec<DaemonCounters>, HostError> {
        let request = v1::GetPerfCountersRequest {
            min_priority,
            types: types.iter().map(|&t| t.to_owned()).collect(),
            known_schemas: self.inner.schemas.known(),
            ..v1::GetPerfCountersRequest::default()
        };
        let answer = self.client().get_perf_counters(request).await?.into_inner();
        Ok(self.inner.schemas.unpack(answer))
    }

    /// The recent values of one counter, oldest first: the newest `most` of the 20 that `mgrd` keeps.
    /// Empty if there is no such daemon or counter.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn counter(
        &self,
        service: &str,
        id: &str,
        path: &str,
        most: u32,
    ) -> Result<Vec<CounterPoint>, HostError> {
        self.labelled_counter(service, id, path, &[], most).await
    }

    /// Like [`counter`](Self::counter), for one of several counters that differ by their labels.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn labelled_counter(
        &self,
        service: &str,
        id: &str,
        path: &str,
        labels: &[(&str, &str)],
        most: u32,
    ) -> Result<Vec<CounterPoint>, HostError> {
        let labels = labels.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        let request = v1::GetCounterRequest {
            daemon: Some(key(service, id)),
            path: path.to_owned(),
            most,
            labels: labels.collect(),
        };
        let answer = self.client().get_counter(request).await?.into_inner();
        let point = |point: v1::CounterPoint| CounterPoint {
            time: point.time,
            value: point.value,
            count: answer.has_count.then_some(point.count),
        };
        Ok(answer.points.into_iter().map(point).collect())
    }

    /// The counters without labels, by daemons such as `osd.0`: of one daemon, of all daemons of a
    /// type if the id is empty, or of all daemons if both are empty.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn perf_schema(
        &self,
        service: &str,
        id: &str,
    ) -> Result<BTreeMap<String, Vec<CounterSchema>>, HostError> {
        let request = v1::GetPerfSchemaRequest { r#type: service.to_owned(), id: id.to_owned() };
        let answer = self.client().get_perf_schema(request).await?.into_inner();
        let daemons: BTreeMap<String, BTreeMap<String, CounterSchema>> =
            shaped("the perf schema", &answer.json)?;
        let named = |(path, schema)| CounterSchema { path, ..schema };
        let list = |(daemon, counters): (_, BTreeMap<_, _>)| {
            (daemon, counters.into_iter().map(named).collect())
        };
        Ok(daemons.into_iter().map(list).collect())
    }
}
