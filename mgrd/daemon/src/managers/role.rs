//! The two roles of a manager.

/// Active or standby.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Has the state of the cluster, runs commands and writes.
    #[default]
    Active,
    /// Waits until the active manager ends.
    Standby,
}
