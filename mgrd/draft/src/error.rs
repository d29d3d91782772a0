//! Why a file cannot be written.

use std::io;
use std::path::PathBuf;

/// Why a file cannot be written. Unless the file is there, what was at its path before still is.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    /// The file exists.
    #[error("'{}' exists; name another file, or pass --force to replace it", .0.display())]
    Exists(PathBuf),
    /// There is something that is not a file.
    #[error("'{}' is not a regular file; name another file", .0.display())]
    NotAFile(PathBuf),
    /// The system refused.
    #[error("cannot write '{}': {source}; {}", path.display(), advice(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The file has its name, and its folder cannot be synced.
    #[error(
        "'{}' is complete, but may be gone after a loss of power: its folder cannot be synced: {source}; \
         check the disk, and write the file again", path.display()
    )]
    Unsynced {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
}

/// What helps against an error of the system.
fn advice(source: &io::Error) -> &'static str {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied, QuotaExceeded, StorageFull};
    match source.kind() {
        StorageFull | QuotaExceeded => "free some space, or write to another folder",
        NotFound | NotADirectory => "create the folder first, or write to another one",
        PermissionDenied => "write to a folder in which you may create files",
        _ => "check the disk, or write to another folder",
    }
}

#[cfg(test)]
mod tests;
