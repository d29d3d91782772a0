//! Whether a running module is healthy.

use super::cause::Cause;
use super::complaint::Complaint;
use super::limits::LifeLimits;
use super::module::Module;
use super::overdue::Overdue;
use crate::module::process::{Process, threads};

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
    let slow_start = module.starting_for().filter(|age| *age >= limits.start_warning);
    let slow_start =
        slow_start.map(|age| Finding::Warning(Complaint::Overdue(Overdue::start(age))));
    let Some(session) = module.session.lock().clone() else {
        return slow_start.unwrap_or(Finding::Unknown);
    };
    if session.over_for() >= Some(limits.session_end_grace) {
        return Finding::Unhealthy(Complaint::SessionEnded);
    }
    let unanswered = if ping { session.ping() } else { session.pulse.unanswered() };
    if unanswered >= limits.ping_restart {
        return Finding::Unhealthy(Complaint::Hung { since: unanswered, cause: None });
    }
    let work = Overdue::oldest(&session);
    let longer_than = |limit| work.clone().filter(|work| work.age() >= limit);
    if let Some(work) = limits.busy_restart.and_then(longer_than) {
        return Finding::Unhealthy(Complaint::Overdue(work));
    }
    if unanswered >= limits.ping_warning {
        return Finding::Warning(Complaint::Unanswered { since: unanswered, cause: None });
    }
    if let Some(work) = longer_than(limits.busy_warning) {
        return Finding::Warning(Complaint::Overdue(work));
    }
    slow_start.unwrap_or(Finding::Healthy)
}

impl Finding {
    /// The same with the cause, if the module does not answer pings.
    pub(super) async fn with_cause(self, module: &Module, process: &Process) -> Self {
        match self {
            Self::Warning(Complaint::Unanswered { since, .. }) => {
                let cause = cause(module, process).await;
                Self::Warning(Complaint::Unanswered { since, cause })
            }
            Self::Unhealthy(Complaint::Hung { since, .. }) => {
                let cause = cause(module, process).await;
                Self::Unhealthy(Complaint::Hung { since, cause })
            }
            other => other,
        }
    }
}

async fn cause(module: &Module, process: &Process) -> Option<Cause> {
    let threads = threads(process.id()).await.ok()?;
    let sdk = module.run.lock().sdk.clone();
    Some(Cause::of(process.pid().unsigned_abs(), &sdk, &threads))
}
