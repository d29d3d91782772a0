//! Health checks that are raised and cleared, in the cluster log: a client that follows the log
//! does not have to poll.
//!
//! The monitors of a Ceph cluster log their own checks, so only checks raised here are logged.

use std::collections::BTreeMap;

use crate::cluster::Priority;
use crate::health::{MergedCheck, Severity};

/// The log entries for the difference between two sets of checks. A summary may hold a figure that
/// changes all the time, so only the severity and the count are compared.
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
