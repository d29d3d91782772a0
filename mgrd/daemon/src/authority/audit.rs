//! The record of decisions.

use std::time::Instant;

use parking_lot::Mutex;

use super::action::Action;
use super::identity::Identity;
use super::permit::{Denied, permit};
use crate::rate_limit::RateLimit;

/// The log's name for decisions.
const AUDIT: &str = "mgrd::audit";
/// How many denials of one caller are logged in a second; more are counted.
const DENIALS_PER_SECOND: u32 = 5;

/// Logs what callers were denied, and what they may change.
#[derive(Debug)]
pub struct Audit {
    denials: Mutex<RateLimit>,
}

impl Default for Audit {
    fn default() -> Self {
        Self { denials: Mutex::new(RateLimit::new(DENIALS_PER_SECOND)) }
    }
}

impl Audit {
    /// Decides whether `identity` may do `action`, and logs it: each denial, unless there are too
    /// many, and each permission to change something. The span of the call names the identity.
    ///
    /// # Errors
    ///
    /// Why it may not.
    pub fn decide(&self, identity: &Identity, action: Action<'_>) -> Result<(), Denied> {
        let decision = permit(identity, action);
        match &decision {
            Ok(()) if action.is_write() => log_permission(action),
            Ok(()) => {}
            Err(why) => self.log_denial(action, why),
        }
        decision
    }

    fn log_denial(&self, action: Action<'_>, why: &Denied) {
        let (passes, dropped) = self.denials.lock().admit(Instant::now());
        if dropped > 0 {
            tracing::warn!(target: AUDIT, "{dropped} more actions were denied");
        }
        if passes {
            tracing::warn!(target: AUDIT, %action, "denied: {why}");
        }
    }
}

fn log_permission(action: Action<'_>) {
    match action {
        Action::Command { text: command, perm: Some(_), .. } => {
            tracing::info!(target: AUDIT, command, "permitted");
        }
        Action::Call(_)
        | Action::Command { .. }
        | Action::SetOption { .. }
        | Action::UseArguments { .. } => {
            tracing::debug!(target: AUDIT, %action, "permitted");
        }
    }
}
