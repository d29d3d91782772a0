//! Whether a running module is healthy.

use std::time::Duration;

use super::module::Module;
use crate::module::policy::Policy;
use crate::module::process::{Exceeded, Process};

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

/// What the watchdog complains about, as the end of a sentence about the module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Complaint {
    /// It exceeds a limit of its manifest.
    #[error(transparent)]
    Exceeds(Exceeded),
    /// Its process lives on without a session.
    #[error("ended its session, but not its process")]
    SessionEnded,
    /// It has not answered the last ping for so long that health warns.
    #[error("does not answer pings for {} s", .0.as_secs())]
    Unanswered(Duration),
    /// It has not answered the last ping for so long that it is restarted.
    #[error("did not answer a ping for {} s", .0.as_secs())]
    Hung(Duration),
    /// One of its handlers does not finish.
    #[error("is busy with {handler} for {} s", .since.as_secs())]
    Busy {
        /// What the handler does, in the module's own words.
        handler: String,
        /// Its age.
        since: Duration,
    },
}

/// Examines a running module, and pings it if `ping` is set.
pub(super) fn examine(module: &Module, process: &Process, policy: &Policy, ping: bool) -> Finding {
    let usage = module.run.lock().usage;
    if let Some(exceeded) = process.exceeds(&usage) {
        return Finding::Unhealthy(Complaint::Exceeds(exceeded));
    }
    let Some(session) = module.session.lock().clone() else { return Finding::Unknown };
    if session.over_for() >= Some(policy.session_end_grace) {
        return Finding::Unhealthy(Complaint::SessionEnded);
    }
    let unanswered = if ping { session.ping() } else { session.pulse.unanswered() };
    if unanswered >= policy.ping_restart {
        return Finding::Unhealthy(Complaint::Hung(unanswered));
    }
    let (since, handler) = session.pulse.busy();
    if policy.busy_restart.is_some_and(|limit| since >= limit) {
        return Finding::Unhealthy(Complaint::Busy { handler, since });
    }
    if unanswered >= policy.ping_warning {
        return Finding::Warning(Complaint::Unanswered(unanswered));
    }
    if since >= policy.busy_warning {
        return Finding::Warning(Complaint::Busy { handler, since });
    }
    Finding::Healthy
}
