//! One report: a JSON object with the keys of Ceph's reports, and more.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::summary::Summary;
use super::time;

/// One report.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Report(pub(super) Map<String, Value>);

impl Report {
    /// Reads a stored report. None if it is damaged.
    pub(super) fn read(stored: &[u8]) -> Option<Self> {
        serde_json::from_slice(stored).ok().map(Self)
    }

    /// The report as it is stored.
    pub(super) fn bytes(&self) -> Bytes {
        Value::Object(self.0.clone()).to_string().into()
    }

    /// Marks it as seen by an operator. It keeps an earlier mark.
    pub(super) fn archive(&mut self, now: Timestamp) {
        if !self.is_archived() {
            self.0.insert("archived".to_owned(), time::archived(now).into());
        }
    }

    /// Makes it stand for the crashes of `earlier`, too.
    pub(super) fn absorb(&mut self, earlier: &Self) {
        let count = earlier.count().saturating_add(1);
        let first = earlier.0.get("first_timestamp").or_else(|| earlier.0.get("timestamp"));
        self.0.insert("count".to_owned(), count.into());
        self.0.insert("first_timestamp".to_owned(), first.cloned().unwrap_or_default());
    }

    /// What is kept of it in memory. None if its time cannot be read.
    pub(super) fn summary(&self, bytes: usize) -> Option<Summary> {
        let text = |key: &str| self.text(key).map(str::to_owned);
        Some(Summary {
            entity: text("entity_name").unwrap_or_else(|| "unknown".to_owned()),
            host: text("utsname_hostname").unwrap_or_else(|| "(unknown)".to_owned()),
            timestamp: time::parse(self.text("timestamp")?)?,
            stamp: text("timestamp")?,
            archived: self.is_archived(),
            module: if self.0.contains_key("posted_by") { None } else { text("mgr_module") },
            signature: text("stack_sig").unwrap_or_default(),
            count: self.count(),
            bytes,
        })
    }

    fn is_archived(&self) -> bool {
        self.0.contains_key("archived")
    }

    fn count(&self) -> u64 {
        self.0.get("count").and_then(Value::as_u64).unwrap_or(1)
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }
}
