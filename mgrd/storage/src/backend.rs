//! What managers share.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::content::Content;
use super::election::Election;
use super::error::BackendError;

/// Where managers elect the active one, which then opens the storage there.
///
/// The tools of [`archive`](crate::archive) read and replace what is stored while no manager has the
/// storage open. These calls block.
pub trait Backend: Election {
    /// The name of the backend in messages.
    fn name(&self) -> &str;

    /// Creates an empty storage if there is none.
    ///
    /// # Errors
    ///
    /// If the backend refuses.
    fn initialise(&self) -> Result<(), BackendError>;

    /// Verifies and reads everything that is stored, and changes nothing.
    ///
    /// # Errors
    ///
    /// If there is no storage, if a manager has it open, or if it is damaged.
    fn inspect(&self) -> Result<Stored, BackendError>;

    /// Replaces everything that is stored in one step. The next revision is greater than
    /// `revision`.
    ///
    /// # Errors
    ///
    /// If it cannot be written. The storage is then as it was.
    fn replace(&self, values: BTreeMap<String, Bytes>, revision: u64) -> Result<(), BackendError>;
}

/// Everything that is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// The keys and values.
    pub content: Content,
    /// How often it was opened for writing.
    pub epoch: u64,
}
