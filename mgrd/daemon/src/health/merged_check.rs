//! A check that several sources raise, as one.

use serde_json::{Value, json};

use super::check::{Check, Severity};

/// One check, merged from all sources that raise it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedCheck {
    /// The worst severity of the sources.
    pub severity: Severity,
    /// The summary of the first source.
    pub summary: String,
    /// The sum of the counts.
    pub count: i64,
    /// The details of all sources, source by source.
    pub detail: Vec<String>,
    /// Whether it is muted.
    pub muted: bool,
}

impl From<&Check> for MergedCheck {
    fn from(check: &Check) -> Self {
        let Check { severity, summary, count, detail, muted } = check.clone();
        Self { severity, summary, count, detail, muted }
    }
}

impl MergedCheck {
    pub(super) fn add(&mut self, check: &Check) {
        self.severity = self.severity.max(check.severity);
        self.count = self.count.saturating_add(check.count);
        self.detail.extend(check.detail.iter().cloned());
        self.muted &= check.muted;
    }

    pub(super) fn to_json(&self, detail: bool) -> Value {
        let mut json = json!({
            "severity": self.severity.to_string(),
            "summary": { "message": self.summary, "count": self.count },
        });
        if detail {
            let lines = self.detail.iter().map(|line| json!({ "message": line }));
            json["detail"] = lines.collect();
        }
        json["muted"] = self.muted.into();
        json
    }
}
