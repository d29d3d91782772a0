//! The number and size of the keys of a folder.

use super::entry::Entry;

/// The number and size of the keys of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// How many keys there are.
    pub keys: usize,
    /// The bytes of the keys and their values.
    pub bytes: usize,
}

impl Usage {
    pub(crate) fn add(&mut self, key: &str, entry: &Entry) {
        self.keys += 1;
        self.bytes += key.len() + entry.value.len();
    }

    pub(crate) fn remove(&mut self, key: &str, entry: &Entry) {
        self.keys -= 1;
        self.bytes -= key.len() + entry.value.len();
    }
}

/// The folders of a key: the empty one, its first part, and its first two parts, if more parts follow.
pub(crate) fn folders(key: &str) -> impl Iterator<Item = &str> {
    std::iter::once("").chain(key.match_indices('/').take(2).map(|(end, _)| &key[..=end]))
}
