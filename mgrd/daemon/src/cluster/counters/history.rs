//! The last values of the counters of a daemon.

use std::sync::Arc;

use serde::Serialize;

use super::counter::Labels;
use super::schema::{Column, Schema};

/// The number of values that are kept of each counter. A Ceph manager keeps as many.
pub const HISTORY: usize = 20;

/// One value of a counter, serialized as `[t, value]` or `[t, sum, count]`.
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

/// The last [`HISTORY`] rows of one daemon, in one block of memory, so that adding a row is one copy.
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

    /// Sets the schema. If it differs from the one before, the rows are removed: they no longer fit.
    pub fn set_schema(&mut self, schema: &Arc<Schema>) {
        let same = |old: &Arc<Schema>| Arc::ptr_eq(old, schema) || old == schema;
        if !self.schema.as_ref().is_some_and(same) {
            *self = Self { schema: Some(schema.clone()), ..Self::default() };
        }
    }

    /// Adds a row, which must fit the schema. The oldest row is removed when there are enough.
    pub(in crate::cluster) fn push(&mut self, stamp: f64, values: &[u64], counts: &[u64]) {
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

    /// All values of a counter, oldest first. Empty if there is no such counter.
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
