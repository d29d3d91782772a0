//! The share that one caller may take of a module.

use crate::authority::Caller;

/// The caller has too many commands and remote calls under way in the module, or too much of its
/// input waits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{caller} has {limit} commands and calls under way in module '{module}' already \
     (limits.module.caller_in_flight), or too many bytes of its input wait for it \
     (limits.module.caller_waiting_bytes); wait for their end"
)]
pub struct ShareTaken {
    /// The module.
    pub module: String,
    /// Who has them.
    pub caller: Caller,
    /// How many of them one caller may have.
    pub limit: usize,
}

#[cfg(test)]
mod tests;
