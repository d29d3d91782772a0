//! Health checks as they come and go, in the cluster log: what watches that log needs no polling.
//!
//! The monitors of a Ceph cluster log their own checks, so only checks raised here are logged.

use std::collections::BTreeMap;

use crate::cluster::Priority;
use crate::health::{MergedCheck, Severity};

/// What to say about a set of checks that followed another. A summary may hold a figure that
/// changes all the time; what counts is the severity and the count.
pub(super) fn news(
    before: &BTreeMap<String, MergedCheck>,
    now: &BTreeMap<String, MergedCheck>,
) -> Vec<(Priority, String)> {
    let raised = now.iter().filter_map(|(code, check)| {
        let verb = match before.get(code) {
            None => "failed",
            Some(old) if (old.severity, old.count) != (check.severity, check.count) => "update",
            Some(_) => return None,
        };
        let priority =
            if check.severity == Severity::Error { Priority::Error } else { Priority::Warning };
        Some((priority, format!("Health check {verb}: {} ({code})", check.summary)))
    });
    let over = before.iter().filter(|(code, _)| !now.contains_key(*code));
    let over = over.map(|(code, check)| {
        (Priority::Info, format!("Health check cleared: {code} (was: {})", check.summary))
    });
    raised.chain(over).collect()
}

#[cfg(test)]
mod tests;
