//! Why a value is refused.

/// Why a value is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct BadValue {
    /// The reason, which quotes the value.
    pub(crate) reason: String,
    /// Whether the value is of the right kind, but out of range. Such a word is an error. Any other
    /// word may fit the next argument.
    pub(crate) out_of_range: bool,
}

impl BadValue {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), out_of_range: false }
    }

    pub(super) fn out_of_range(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), out_of_range: true }
    }
}

#[cfg(test)]
mod tests;
