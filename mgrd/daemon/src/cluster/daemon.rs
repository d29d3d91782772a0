//! One daemon of the managed cluster.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use super::counters::History;

/// Which daemon: its type and its id within that type, written `osd.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DaemonId {
    /// The type, such as `osd`.
    pub kind: String,
    /// The id within the type, such as `0`; may hold dots.
    pub id: String,
}

impl DaemonId {
    /// The daemon `kind.id`.
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> Self {
        Self { kind: kind.into(), id: id.into() }
    }
}

impl fmt::Display for DaemonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.id)
    }
}

/// A text that names no daemon.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not a daemon; write its type, a dot and its id, such as osd.0")]
pub struct NotADaemon(String);

impl FromStr for DaemonId {
    type Err = NotADaemon;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once('.') {
            Some((kind, id)) if !kind.is_empty() && !id.is_empty() => Ok(Self::new(kind, id)),
            _ => Err(NotADaemon(text.to_owned())),
        }
    }
}

impl Serialize for DaemonId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One figure a daemon reports about its own health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthMetric {
    /// What is measured: `SLOW_OPS`, `PENDING_CREATING_PGS`, `NONE` in Ceph.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many.
    pub value: u64,
}

/// What is known of a daemon but its counters.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) hostname: String,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) status: BTreeMap<String, String>,
    pub(super) metrics: Vec<HealthMetric>,
}

/// Facts and counters have a lock each: counters come in every few seconds, facts hardly ever.
#[derive(Default)]
pub(super) struct Daemon {
    pub(super) facts: RwLock<Facts>,
    pub(super) counters: RwLock<History>,
}

#[cfg(test)]
mod tests;
