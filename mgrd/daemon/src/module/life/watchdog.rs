//! Whether a running module is healthy.

use super::complaint::Complaint;
use super::limits::LifeLimits;
use super::module::Module;
use crate::module::process::Process;

/// What the watchdog finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Healthy,
    /// Without a session, nothing shows whether it is healthy.
    Unknown,
    /// An operator should look at it.
    Warning(Complaint),
    /// It must be restarted.
    Unhealthy(Complaint),
}

/// Examines a running module, and pings it if `ping` is set.
pub(super) fn examine(
    module: &Module,
    process: &Process,
    limits: &LifeLimits,
    ping: bool,
) -> Finding {
    let usage = module.run.lock().usage;
    if let Some(exceeded) = usage.and_then(|usage| process.confined().exceeds(&usage)) {
        return Finding::Unhealthy(Complaint::Exceeds(exceeded));
    }
    let Some(session) = module.session.lock().clone() else { return Finding::Unknown };
    if session.over_for() >= Some(limits.session_end_grace) {
        return Finding::Unhealthy(Complaint::SessionEnded);
    }
    let unanswered = if ping { session.ping() } else { session.pulse.unanswered() };
    if unanswered >= limits.ping_restart {
        return Finding::Unhealthy(Complaint::Hung(unanswered));
    }
    let (since, handler) = session.pulse.busy();
    if limits.busy_restart.is_some_and(|limit| since >= limit) {
        return Finding::Unhealthy(Complaint::Busy { handler, since });
    }
    if unanswered >= limits.ping_warning {
        return Finding::Warning(Complaint::Unanswered(unanswered));
    }
    if since >= limits.busy_warning {
        return Finding::Warning(Complaint::Busy { handler, since });
    }
    Finding::Healthy
}
