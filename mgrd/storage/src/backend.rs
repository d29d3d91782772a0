//! The place that managers share.

use super::election::Election;

/// A place where managers elect the active one, which then opens the storage in that place.
pub trait Backend: Election {
    /// The name of the place in messages.
    fn place(&self) -> &str;

    /// Whether managers on other hosts can also use it.
    fn spans_hosts(&self) -> bool;
}
