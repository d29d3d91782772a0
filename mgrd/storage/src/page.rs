//! A part of the content of a storage, in the order of the keys.

use super::entry::{Entry, Key};

/// Some of the keys that begin with a prefix, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The keys and values.
    pub entries: Vec<(Key, Entry)>,
    /// Whether there are keys after the last of these.
    pub more: bool,
}
