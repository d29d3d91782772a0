//! What distinguishes a state of the storage file from others.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// What distinguishes a file from all others: its device and its number there.
pub(super) type Id = (u64, u64);

/// The id of a file.
pub(super) fn id(file: &Metadata) -> Id {
    (file.dev(), file.ino())
}

/// What distinguishes a state of the storage file from others. A copy in its place can have the same
/// `modified`, but not the same `changed`, which the kernel alone sets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    id: Id,
    length: u64,
    modified: (i64, i64),
    changed: (i64, i64),
}

impl Mark {
    /// The state of the file at `path`.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        let file = fs::metadata(path)?;
        let modified = (file.mtime(), file.mtime_nsec());
        let changed = (file.ctime(), file.ctime_nsec());
        Ok(Self { id: id(&file), length: file.len(), modified, changed })
    }

    /// Which file it is.
    pub(super) fn id(&self) -> Id {
        self.id
    }
}
