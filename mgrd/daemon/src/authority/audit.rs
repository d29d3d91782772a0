//! The record of decisions.

use std::time::Instant;

use parking_lot::Mutex;

use super::action::Action;
use super::identity::Identity;
use super::permit::Denied;
use crate::rate_limit::RateLimit;

/// The log's name for decisions.
const AUDIT: &str = "mgrd::audit";
/// How many denials of one caller are logged in a second; more are counted.
const DENIALS_PER_SECOND: u32 = 5;

/// Logs that a command that changes something was permitted.
pub fn audit_command(identity: &Identity, command: &str) {
    tracing::info!(target: AUDIT, %identity, command, "permitted");
}

/// Logs what one caller was denied, and what it changed.
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
    /// Logs a decision: each that denies, unless there are too many, and each that permits a write.
    pub fn record(&self, identity: &Identity, action: Action, decision: &Result<(), Denied>) {
        match decision {
            Ok(()) if action.is_write() => {
                tracing::debug!(target: AUDIT, %identity, ?action, "permitted");
            }
            Ok(()) => {}
            Err(why) => {
                let (passes, dropped) = self.denials.lock().admit(Instant::now());
                if dropped > 0 {
                    tracing::warn!(target: AUDIT, %identity, "{dropped} more calls were denied");
                }
                if passes {
                    tracing::warn!(target: AUDIT, %identity, ?action, "denied: {why}");
                }
            }
        }
    }
}
