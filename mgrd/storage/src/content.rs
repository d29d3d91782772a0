//! Everything that a storage holds.

use std::collections::BTreeMap;

use super::entry::{Entry, Key};

/// All keys and values, and the revision that they stand for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The keys and values, in order.
    pub entries: BTreeMap<Key, Entry>,
    /// The revision of the last commit.
    pub revision: u64,
}
