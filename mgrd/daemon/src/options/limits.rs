//! How large options may be.

use serde::Deserialize;

/// The limits of options that operators and modules set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one value. A longer value is refused.
    pub value_bytes: usize,
    /// Bytes of the name of an option or of a section. A longer name is refused, even with
    /// `--force`.
    pub name_bytes: usize,
    /// Bytes of the names and values of one module in one section, such as `mgr`. What grows beyond
    /// is refused.
    pub module_bytes: usize,
    /// Bytes of all names and values. What grows beyond is refused.
    pub bytes: usize,
    /// Options that one command sets, such as those of a configuration file. More are refused.
    pub at_once: usize,
    /// Bytes of the history of changes. A new change removes the oldest ones.
    pub history_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            value_bytes: 64 << 10,
            name_bytes: 256,
            module_bytes: 1 << 20,
            bytes: 16 << 20,
            at_once: 4096,
            history_bytes: 4 << 20,
        }
    }
}
