//! Health checks as they come and go, in the cluster log: what watches that log needs no polling.
//!
//! The monitors of a Ceph cluster write of their own checks, so only those raised here are told.

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
mod tests {
    use super::*;

    fn checks(list: &[(&str, Severity, &str, i64)]) -> BTreeMap<String, MergedCheck> {
        let check = |&(code, severity, summary, count): &(&str, _, &str, _)| {
            let summary = summary.to_owned();
            let check = MergedCheck { severity, summary, count, detail: vec![], muted: false };
            (code.to_owned(), check)
        };
        list.iter().map(check).collect()
    }

    fn said(
        before: &BTreeMap<String, MergedCheck>,
        now: &BTreeMap<String, MergedCheck>,
    ) -> Vec<String> {
        news(before, now).into_iter().map(|(priority, text)| format!("{priority} {text}")).collect()
    }

    #[test]
    fn only_what_matters_is_told() {
        let one = checks(&[("A", Severity::Warning, "a for 3 s", 1)]);
        let later = checks(&[("A", Severity::Warning, "a for 4 s", 1)]);
        let more = checks(&[("A", Severity::Warning, "2 a", 2), ("B", Severity::Error, "b", 1)]);
        assert_eq!(said(&checks(&[]), &one), ["[WRN] Health check failed: a for 3 s (A)"]);
        assert!(said(&one, &later).is_empty());
        assert_eq!(
            said(&one, &more),
            ["[WRN] Health check update: 2 a (A)", "[ERR] Health check failed: b (B)"]
        );
        assert_eq!(said(&one, &checks(&[])), ["[INF] Health check cleared: A (was: a for 3 s)"]);
    }
}
