//! Whether a running module is healthy.

use super::module::Module;
use crate::module::policy::Policy;
use crate::module::process::Process;

/// What the watchdog finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Finding {
    Healthy,
    /// Without a session, nothing shows whether it is healthy.
    Unknown,
    /// An operator should look at it, for this reason.
    Warning(String),
    /// It must be restarted, for this reason.
    Unhealthy(String),
}

/// Examines a running module, and pings it if `ping` is set.
pub(super) fn examine(module: &Module, process: &Process, policy: &Policy, ping: bool) -> Finding {
    let usage = module.run.lock().usage;
    if let Some(reason) = process.exceeds(&usage) {
        return Finding::Unhealthy(reason);
    }
    let Some(session) = module.session.lock().clone() else { return Finding::Unknown };
    if session.over_for() >= Some(policy.session_end_grace) {
        return Finding::Unhealthy("ended its session, but not its process".to_owned());
    }
    let unanswered = if ping { session.ping() } else { session.pulse.unanswered() };
    if unanswered >= policy.ping_restart {
        let seconds = unanswered.as_secs();
        return Finding::Unhealthy(format!("did not answer a ping for {seconds} s"));
    }
    let (busy, handler) = session.pulse.busy();
    if policy.busy_restart.is_some_and(|limit| busy >= limit) {
        return Finding::Unhealthy(format!("is busy with {handler} for {} s", busy.as_secs()));
    }
    if unanswered >= policy.ping_warning {
        let seconds = unanswered.as_secs();
        return Finding::Warning(format!("does not answer pings for {seconds} s"));
    }
    if busy >= policy.busy_warning {
        return Finding::Warning(format!("is busy with {handler} for {} s", busy.as_secs()));
    }
    Finding::Healthy
}
