//! One daemon of the managed cluster.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use parking_lot::RwLock;
use serde::{Deserialize, Serialize};

use super::counters::History;

/// The name of a daemon: its type and its id within that type, written `osd.0`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DaemonId {
    /// The type, such as `osd`.
    pub kind: String,
    /// The id within the type, such as `0`. It can contain dots.
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

/// A text that is not the name of a daemon.
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

/// One number that a daemon reports about its health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HealthMetric {
    /// What is measured: `SLOW_OPS`, `PENDING_CREATING_PGS`, `NONE` in Ceph.
    #[serde(rename = "type")]
    pub kind: String,
    /// The number.
    pub value: u64,
}

/// What is known of a daemon, except its counters.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    pub(super) hostname: String,
    pub(super) metadata: BTreeMap<String, String>,
    pub(super) status: BTreeMap<String, String>,
    pub(super) metrics: Vec<HealthMetric>,
}

/// A daemon. Facts and counters have separate locks: counters change every few seconds, facts rarely.
#[derive(Default)]
pub(super) struct Daemon {
    pub(super) facts: RwLock<Facts>,
    pub(super) counters: RwLock<History>,
}

#[cfg(test)]
mod tests;
