//! Why what a user needs cannot be set up.

use std::io;
use std::path::PathBuf;

/// Why a process of another user cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// A folder of its own cannot be made.
    #[error("cannot make the folder {path} for user '{user}': {source}; check the data directory")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The user.
        user: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The folder of its files belongs to another user.
    #[error(
        "its data folder {path} belongs to user {owner}, but it runs as '{user}'; give it to that user with \
         `chown -hR {uid}:{gid} {path}`, or remove it"
    )]
    Owner {
        /// The folder.
        path: PathBuf,
        /// The number of the user who owns it.
        owner: u32,
        /// The user that the module runs as.
        user: String,
        /// Its number.
        uid: u32,
        /// The number of its group.
        gid: u32,
    },
    /// The file system keeps it out.
    #[error(
        "cannot let user '{user}' reach {path}: {source}; the file system must support access control lists"
    )]
    Reach {
        /// What it must reach.
        path: PathBuf,
        /// The user.
        user: String,
        /// The error of the system.
        source: io::Error,
    },
    /// A path cannot be given to the system.
    #[error("the path {path:?} of a module that runs as another user has a null byte; rename it")]
    Path {
        /// The path.
        path: PathBuf,
        /// Where the null byte is.
        source: std::ffi::NulError,
    },
}

impl LoginError {
    /// Whether another try may succeed although nothing was changed.
    pub(in crate::module) fn is_passing(&self) -> bool {
        match self {
            Self::Folder { source, .. } | Self::Reach { source, .. } => {
                crate::module::folder::is_passing(source)
            }
            Self::Owner { .. } | Self::Path { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests;
