//! The state of the cluster, as built-in commands read it.

use mgrd_command::{CommandError, Errno};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::feed::Feeds;
use crate::health::Health;
use crate::managers::Managers;

/// The part of the host that these commands read.
#[derive(Clone)]
pub struct State {
    /// The state of the cluster.
    pub cluster: Cluster,
    /// The health of the cluster.
    pub health: Health,
    /// The feeds that send the state.
    pub feeds: Feeds,
    /// The managers.
    pub managers: Managers,
}

/// The document that a command shows does not exist.
#[derive(Debug, thiserror::Error)]
#[error(
    "no feed has sent the document '{0}' yet, which this command shows; 'feed ls' lists the feeds"
)]
pub struct Missing(pub &'static str);

impl CommandError for Missing {
    fn errno(&self) -> Errno {
        Errno::ENOENT
    }
}

impl State {
    /// A document that a command needs.
    pub fn document(&self, name: &'static str) -> Result<Value, Missing> {
        self.cluster.get(name).map(|document| document.value()).ok_or(Missing(name))
    }

    /// The id of the cluster, if a map contains it.
    #[must_use]
    pub fn fsid(&self) -> Option<String> {
        let of = |map: &Value| map["fsid"].as_str().map(str::to_owned);
        let osd_map = self.cluster.osd_summary();
        osd_map.and_then(|map| of(&map)).or_else(|| of(&self.cluster.members("mon_map", &["fsid"])))
    }

    /// The status that the mons report, decoded from its text.
    #[must_use]
    pub fn mon_status(&self) -> Value {
        let document = self.cluster.value("mon_status");
        serde_json::from_str(text(&document["json"])).unwrap_or_default()
    }
}

/// A number of a document. 0 if it is not a number.
pub(super) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

/// The sum of numbers from outside, which can have any size.
pub(super) fn total(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

/// A number with a fraction. 0 if it is not a number.
pub(super) fn float(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

/// A text of a document. Empty if it is not a text.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The elements of a list. Empty if it is not a list.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests;
