//! How many reports are kept, and how large they may be.

use serde::Deserialize;

/// The limits of the reports of crashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Reports. A new one removes an old one: one that a client posted, or else one of the module that
    /// has the most.
    pub reports: usize,
    /// Bytes of all reports, with the same policy.
    pub bytes: usize,
    /// Reports of one module. A new one removes the oldest, archived ones first.
    pub module_reports: usize,
    /// Bytes of the reports of one module, with the same policy.
    pub module_bytes: usize,
    /// Bytes of one report. That of a module is shortened; a longer one of a client is refused.
    pub report_bytes: usize,
    /// New reports of the same crash of one module. From then on, the newest one counts the crashes.
    pub same: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            reports: 10_000,
            bytes: 64 << 20,
            module_reports: 100,
            module_bytes: 4 << 20,
            report_bytes: 256 << 10,
            same: 10,
        }
    }
}
