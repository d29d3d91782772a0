//! Which reports are removed so that the others stay within the limits.

use std::collections::BTreeMap;

use super::limits::Limits;
use super::summary::Summary;

/// Reports of one owner, those to be removed first at the end.
struct Share<'a> {
    reports: Vec<(&'a String, &'a Summary)>,
    bytes: usize,
}

/// The ids of the reports that exceed the limits.
pub(super) fn surplus(known: &BTreeMap<String, Summary>, limits: &Limits) -> Vec<String> {
    let mut shares = BTreeMap::<Option<&str>, Share<'_>>::new();
    for (id, report) in known {
        let empty = || Share { reports: Vec::new(), bytes: 0 };
        let share = shares.entry(report.module.as_deref()).or_insert_with(empty);
        share.reports.push((id, report));
        share.bytes += report.bytes;
    }
    let (mut reports, mut bytes) = (known.len(), shares.values().map(|share| share.bytes).sum());
    let over = |reports: usize, bytes: usize| reports > limits.reports || bytes > limits.bytes;
    let module_over = |owner: &Option<&str>, share: &Share<'_>| {
        let Share { reports, bytes } = share;
        let (most, most_bytes) = (limits.module_reports, limits.module_bytes);
        owner.is_some() && (reports.len() > most || *bytes > most_bytes)
    };
    if !over(reports, bytes) && !shares.iter().any(|(owner, share)| module_over(owner, share)) {
        return Vec::new();
    }
    let mut surplus = Vec::new();
    for (owner, share) in &mut shares {
        share.reports.sort_by_key(|(_, report)| (!report.archived, report.timestamp));
        share.reports.reverse();
        while module_over(owner, share) {
            surplus.extend(share.remove(&mut reports, &mut bytes));
        }
    }
    while over(reports, bytes) {
        // Those that clients posted go first, so that a flood of them costs no module its reports.
        let posted = |(owner, share): &(&Option<&str>, &mut Share<'_>)| {
            (owner.is_none() && !share.reports.is_empty(), share.bytes)
        };
        let Some((_, share)) = shares.iter_mut().max_by_key(posted) else { break };
        let Some(id) = share.remove(&mut reports, &mut bytes) else { break };
        surplus.push(id);
    }
    surplus
}

impl Share<'_> {
    /// Removes the next report, and takes it off the sums.
    fn remove(&mut self, reports: &mut usize, bytes: &mut usize) -> Option<String> {
        let (id, report) = self.reports.pop()?;
        self.bytes -= report.bytes;
        *reports -= 1;
        *bytes -= report.bytes;
        Some(id.clone())
    }
}

#[cfg(test)]
mod tests;
