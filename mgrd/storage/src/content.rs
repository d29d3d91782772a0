//! The whole content of a storage.

use imbl::OrdMap;

use super::entry::{Entry, Key};

/// All keys and values, and their revision. A clone costs nothing: it shares all that neither side changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The keys and values, in order.
    pub entries: OrdMap<Key, Entry>,
    /// The revision of the last commit.
    pub revision: u64,
}

/// What a standby has of a storage.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The [origin](crate::Storage::origin) of the storage.
    pub origin: u64,
    /// What it has. The revision is the last one of which it has everything.
    pub content: Content,
}
