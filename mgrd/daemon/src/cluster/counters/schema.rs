//! Which counters a daemon has, and where they are in a row of values.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;
use serde::ser::SerializeMap;

use super::counter::{Counter, Labels};

/// The counters that a daemon has, in the order in which it sends their values.
///
/// A row has one value for each counter, then one count for each average.
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
    /// A number that no other schema of this process has.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// A schema of these counters. Of two with the same path and labels, [`Self::find`] finds the
    /// later one.
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

    /// The number of values and counts in a row.
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
