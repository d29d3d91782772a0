//! How large options may be.

use serde::Deserialize;

/// The bounds of the options that are set, by operators and modules alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of one value; a longer one is refused.
    pub value_bytes: usize,
    /// Bytes of the name of an option or of a section; a longer one is refused, even with `--force`.
    pub name_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { value_bytes: 64 << 10, name_bytes: 256 }
    }
}
