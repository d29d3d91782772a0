//! What a perf counter means.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The bit of a counter's type for an average over the daemon's life: a sum and a count.
pub(super) const LONGRUNAVG: u32 = 0x4;

/// Names and values that distinguish counters with the same path.
pub type Labels = BTreeMap<String, String>;

/// What a counter means.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Counter {
    /// The full name, such as `osd.op_latency`.
    #[serde(skip)]
    pub path: String,
    /// The labels. Empty for most counters.
    #[serde(skip)]
    pub labels: Labels,
    /// One sentence for people. It can be empty.
    pub description: String,
    /// A short name for narrow tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nick: Option<String>,
    /// Bits: 1 is a time in nanoseconds, 2 a number, 4 an average, 8 a counter that only grows, 16 a
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
