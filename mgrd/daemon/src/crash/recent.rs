//! The health check about new crashes.

use jiff::Timestamp;

use super::summary::Summary;
use crate::health::{Check, Checks, Severity};

/// How many crashes the check names.
const NAMED: usize = 30;
/// The last line of the check. A module `crash` does not know these reports, so the words are those
/// that no module takes over.
pub(super) const NEXT_STEP: &str = "'mgrctl mgr crash ls-new' lists the reports; \
    'mgrctl mgr crash archive ID' marks one as seen, and ends the warning about it";

/// The check about the crashes after `cutoff` that no operator has seen.
pub(super) fn checks<'a>(known: impl Iterator<Item = &'a Summary>, cutoff: Timestamp) -> Checks {
    let recent: Vec<_> =
        known.filter(|report| !report.archived && report.timestamp > cutoff).collect();
    let count = recent.len();
    let line = |report: &&Summary| {
        let Summary { entity, module, host, stamp, .. } = report;
        match module {
            Some(module) => format!("module {module} crashed on host {host} at {stamp}"),
            None => format!("{entity} crashed on host {host} at {stamp}"),
        }
    };
    let mut detail: Vec<_> = recent.iter().take(NAMED).map(line).collect();
    if count > NAMED {
        detail.push(format!("and {} more", count - NAMED));
    }
    detail.push(NEXT_STEP.to_owned());
    let check = Check {
        severity: Severity::Warning,
        summary: format!("{count} daemons have recently crashed"),
        count: i64::try_from(count).unwrap_or(i64::MAX),
        detail,
        muted: false,
    };
    let raised = (count > 0).then(|| ("RECENT_CRASH".to_owned(), check));
    raised.into_iter().collect()
}
