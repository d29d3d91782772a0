//! A key and its entry.

use std::sync::Arc;

use bytes::Bytes;

/// A key: text, with `/` between its parts by convention.
pub type Key = Arc<str>;

/// A value and the revision that wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The value.
    pub value: Bytes,
    /// The revision of the commit that wrote it.
    pub revision: u64,
}
