//! What is kept in memory of a stored report.

use jiff::Timestamp;

/// What is kept in memory of a stored report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// What crashed, such as `mgr.hello`.
    pub entity: String,
    /// The machine.
    pub host: String,
    /// When it crashed.
    pub timestamp: Timestamp,
    /// The same, as the report has it.
    pub stamp: String,
    /// Whether an operator has seen it.
    pub archived: bool,
    /// The module, if the report is about a module that ran here. None if a client posted it.
    pub(super) module: Option<String>,
    /// Crashes with the same signature are the same crash.
    pub(super) signature: String,
    /// The number of crashes that it stands for.
    pub(super) count: u64,
    /// Its size in the storage.
    pub(super) bytes: usize,
}
