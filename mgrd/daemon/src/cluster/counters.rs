//! Perf counters: schemas shared between daemons, and each daemon's last values.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};

/// How many points of each counter are kept, as many as a Ceph manager keeps.
pub const HISTORY: usize = 20;

/// The bit of a counter's type for an average over the daemon's life: a sum and a count.
const LONGRUNAVG: u32 = 0x4;

/// What tells counters with the same path apart: names and values.
pub type Labels = BTreeMap<String, String>;

/// What a counter means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Counter {
    /// The full name, such as `osd.op_latency`.
    #[serde(skip)]
    pub path: String,
    /// Empty for most counters.
    #[serde(skip)]
    pub labels: Labels,
    /// One sentence for people; may be empty.
    pub description: String,
    /// A short name for narrow tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nick: Option<String>,
    /// Bits: 1 a time in nanoseconds, 2 a number, 4 an average, 8 a counter that only grows, 16 a
    /// histogram.
    #[serde(rename = "type")]
    pub kind: u32,
    /// 10 critical, 8 interesting, 5 useful, 2 uninteresting, 0 for debugging.
    pub priority: u32,
    /// 0 for bytes, 1 for none.
    pub units: u32,
}

impl Counter {
    /// Whether a value of this counter is a sum and a count.
    #[must_use]
    pub fn is_average(&self) -> bool {
        self.kind & LONGRUNAVG != 0
    }
}

/// The counters that a daemon has, in the order in which it sends their values.
///
/// A row has one value a counter, then one count an average.
#[derive(Debug)]
pub struct Schema {
    id: u64,
    counters: Vec<Counter>,
    /// For each counter that is an average, where its count is in a row.
    counts: Vec<Option<usize>>,
    by_path: HashMap<String, Vec<usize>>,
    width: usize,
}

/// Where the numbers of a counter are in a row.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    value: usize,
    count: Option<usize>,
}

impl Column {
    /// The value, or the sum of an average. `row` must be one of the same schema.
    #[must_use]
    pub fn value(&self, row: &[u64]) -> u64 {
        row[self.value]
    }

    /// The count of an average.
    #[must_use]
    pub fn count(&self, row: &[u64]) -> Option<u64> {
        self.count.map(|at| row[at])
    }
}

impl Schema {
    /// Tells this schema from every other one that this process made.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// A schema of these counters; of two with the same path and labels the later one is found.
    #[must_use]
    pub fn new(counters: Vec<Counter>) -> Self {
        let mut width = counters.len();
        let mut place = |counter: &Counter| {
            let at = width;
            counter.is_average().then(|| {
                width += 1;
                at
            })
        };
        let counts = counters.iter().map(&mut place).collect();
        let mut by_path = HashMap::<String, Vec<usize>>::new();
        for (at, counter) in counters.iter().enumerate() {
            by_path.entry(counter.path.clone()).or_default().push(at);
        }
        static IDS: AtomicU64 = AtomicU64::new(1);
        let id = IDS.fetch_add(1, Ordering::Relaxed);
        Self { id, counters, counts, by_path, width }
    }

    /// The counters, in order.
    #[must_use]
    pub fn counters(&self) -> &[Counter] {
        &self.counters
    }

    /// How many numbers a row has.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// A counter by its path and labels.
    #[must_use]
    pub fn find(&self, path: &str, labels: &Labels) -> Option<Column> {
        let mut found = self.by_path.get(path)?.iter().rev();
        let value = *found.find(|at| self.counters[**at].labels == *labels)?;
        Some(Column { value, count: self.counts[value] })
    }
}

impl PartialEq for Schema {
    fn eq(&self, other: &Self) -> bool {
        self.counters == other.counters
    }
}

impl Eq for Schema {}

impl Hash for Schema {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.counters.hash(state);
    }
}

/// The counters without labels, by path.
impl Serialize for Schema {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for counter in self.counters.iter().filter(|counter| counter.labels.is_empty()) {
            map.serialize_entry(&counter.path, counter)?;
        }
        map.end()
    }
}

/// One value of a counter, serialised as `[t, value]` or `[t, sum, count]`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Seconds since 1970.
    pub t: f64,
    /// The value, or the sum of an average.
    pub value: u64,
    /// The count of an average.
    pub count: Option<u64>,
}

impl Serialize for Point {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.count {
            Some(count) => (self.t, self.value, count).serialize(serializer),
            None => (self.t, self.value).serialize(serializer),
        }
    }
}

/// Why a row of values was refused.
#[derive(Debug, thiserror::Error)]
pub enum CounterError {
    /// The daemon was not announced, or without a schema.
    #[error(
        "counters of {0} were sent before its schema; announce the daemon with its schema first"
    )]
    NoSchema(String),
    /// The row does not fit the schema.
    #[error(
        "{daemon} sent {values} values and {counts} counts, but its schema of {counters} counters \
         asks for one value each and {averages} counts, one for each long-run average"
    )]
    Width {
        /// Who sent it.
        daemon: String,
        /// How many values came.
        values: usize,
        /// How many counts came.
        counts: usize,
        /// How many values the schema asks for.
        counters: usize,
        /// How many counts the schema asks for.
        averages: usize,
    },
    /// The time is not a number.
    #[error("{0} sent counters without a valid time; send the seconds since 1970")]
    Stamp(String),
}

/// The last [`HISTORY`] rows of one daemon, in one piece of memory: taking a row in is one copy.
#[derive(Debug, Default)]
pub struct History {
    schema: Option<Arc<Schema>>,
    stamps: Vec<f64>,
    rows: Vec<u64>,
    /// Where the next row goes once the ring is full.
    next: usize,
}

impl History {
    /// The schema of the rows, once the daemon has one.
    #[must_use]
    pub fn schema(&self) -> Option<&Arc<Schema>> {
        self.schema.as_ref()
    }

    /// Sets the schema; rows of another schema are forgotten, for they cannot be read any more.
    pub fn set_schema(&mut self, schema: &Arc<Schema>) {
        let same = |old: &Arc<Schema>| Arc::ptr_eq(old, schema) || old == schema;
        if !self.schema.as_ref().is_some_and(same) {
            *self = Self { schema: Some(schema.clone()), ..Self::default() };
        }
    }

    /// Takes in a row that fits the schema; the oldest goes when there are enough.
    pub(super) fn push(&mut self, stamp: f64, values: &[u64], counts: &[u64]) {
        if self.stamps.len() < HISTORY {
            self.stamps.push(stamp);
            self.rows.reserve_exact(values.len() + counts.len());
            self.rows.extend_from_slice(values);
            self.rows.extend_from_slice(counts);
            return;
        }
        self.stamps[self.next] = stamp;
        let width = values.len() + counts.len();
        let row = &mut self.rows[self.next * width..][..width];
        row[..values.len()].copy_from_slice(values);
        row[values.len()..].copy_from_slice(counts);
        self.next = (self.next + 1) % HISTORY;
    }

    /// The rows with their times, oldest first.
    fn rows(&self) -> impl DoubleEndedIterator<Item = (f64, &[u64])> {
        let width = self.schema.as_ref().map_or(0, |schema| schema.width());
        let order = (self.next..self.stamps.len()).chain(0..self.next);
        order.map(move |at| (self.stamps[at], &self.rows[at * width..][..width]))
    }

    /// The newest row with its time.
    #[must_use]
    pub fn latest(&self) -> Option<(f64, &[u64])> {
        self.rows().next_back()
    }

    /// All points of a counter, oldest first; none if there is no such counter.
    #[must_use]
    pub fn points(&self, path: &str, labels: &Labels) -> Vec<Point> {
        let Some(column) = self.schema.as_ref().and_then(|s| s.find(path, labels)) else {
            return Vec::new();
        };
        self.rows().map(|(t, row)| point(column, t, row)).collect()
    }
}

fn point(column: Column, t: f64, row: &[u64]) -> Point {
    Point { t, value: column.value(row), count: column.count(row) }
}

#[cfg(test)]
mod tests;
