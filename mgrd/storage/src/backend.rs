//! The place that managers share.

use super::election::Election;

/// A place where managers elect the active one, which then opens the storage that is kept there.
pub trait Backend: Election {
    /// What the place is called in messages.
    fn place(&self) -> &str;

    /// Whether managers on other hosts can use it too.
    fn spans_hosts(&self) -> bool;
}
