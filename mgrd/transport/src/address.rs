//! The addresses of managers.

use std::fmt;
use std::path::PathBuf;

/// An address at which a manager listens. `endpoint.rs` is the only file that tells the kinds apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A Unix socket.
    Unix(PathBuf),
}

impl From<PathBuf> for Address {
    fn from(path: PathBuf) -> Self {
        Self::Unix(path)
    }
}

impl From<&str> for Address {
    /// Reads what [`Display`](fmt::Display) writes.
    fn from(text: &str) -> Self {
        Self::Unix(text.into())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}
