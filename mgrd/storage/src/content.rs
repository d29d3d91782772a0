//! The whole content of a storage.

use std::collections::BTreeMap;

use super::entry::{Entry, Key};

/// All keys and values, and their revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The keys and values, in order.
    pub entries: BTreeMap<Key, Entry>,
    /// The revision of the last commit.
    pub revision: u64,
}
