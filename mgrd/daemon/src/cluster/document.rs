//! A document: one named, versioned piece of cluster state.

use bytes::Bytes;

/// One version of a document. A clone shares the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Grows with each change of any document, so a later state always has a larger number.
    pub version: u64,
    /// The value as JSON text: an object, a string or `null`.
    pub json: Bytes,
}

impl Document {
    /// The decoded value. `Null` if the text is not JSON.
    #[must_use]
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_slice(&self.json).unwrap_or_default()
    }
}

/// The answer to a conditional read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Newer {
    /// The reader's version is still the current one.
    Unchanged,
    /// This is the current version.
    Changed(Document),
    /// The document does not exist.
    Absent,
}
