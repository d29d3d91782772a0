//! How many bytes the data of a daemon take.

use std::collections::BTreeMap;

use crate::cluster::{Counter, DaemonChange, HISTORY, HealthMetric};

/// What a daemon, or one entry of its data, costs to keep, beside its text.
const ENTRY_BYTES: usize = 64;

/// The bytes of each part of a daemon, because a change replaces whole parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    hostname: usize,
    metadata: usize,
    status: usize,
    metrics: usize,
    /// With all values that are kept of them.
    counters: usize,
}

impl Weight {
    /// The bytes after a change.
    pub(super) fn after(self, change: &DaemonChange) -> Self {
        Self {
            hostname: change.hostname.as_ref().map_or(self.hostname, String::len),
            metadata: change.metadata.as_ref().map_or(self.metadata, map),
            status: change.status.as_ref().map_or(self.status, map),
            metrics: change.health_metrics.as_deref().map_or(self.metrics, metrics),
            counters: change.schema.as_deref().map_or(self.counters, counters),
        }
    }

    /// The bytes of all parts.
    pub(super) fn bytes(self) -> usize {
        let Self { hostname, metadata, status, metrics, counters } = self;
        ENTRY_BYTES + hostname + metadata + status + metrics + counters
    }
}

fn map(map: &BTreeMap<String, String>) -> usize {
    map.iter().map(|(key, value)| ENTRY_BYTES + key.len() + value.len()).sum()
}

fn metrics(metrics: &[HealthMetric]) -> usize {
    metrics.iter().map(|metric| ENTRY_BYTES + metric.kind.len()).sum()
}

fn counters(counters: &[Counter]) -> usize {
    let bytes = |counter: &Counter| {
        let nick = counter.nick.as_ref().map_or(0, String::len);
        let columns = 1 + usize::from(counter.is_average());
        let values = columns * HISTORY * size_of::<u64>();
        // The path is kept twice.
        let texts = 2 * counter.path.len() + counter.description.len() + nick;
        ENTRY_BYTES + texts + map(&counter.labels) + values
    };
    counters.iter().map(bytes).sum()
}

#[cfg(test)]
mod tests;
