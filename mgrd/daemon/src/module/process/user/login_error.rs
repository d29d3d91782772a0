//! Why what a user needs cannot be set up.

use std::io;
use std::path::PathBuf;

/// Why a process of another user cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// A folder cannot be made, opened or given to the user.
    #[error(
        "cannot prepare the folder {path} for user '{user}': {source}; check the data directory"
    )]
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
        "its data folder {path} belongs to user {owner}, but it runs as '{user}'; while the module is \
         stopped, give it to that user with `chown -hR {uid}:{gid} {path}`, or remove it"
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
    /// A folder that `mgrd` works in as root belongs to another user.
    #[error(
        "{path} belongs to user {owner}, who could change what mgrd does there for '{user}' (run_as): stop \
         mgrd, use `{command}`, and start it again"
    )]
    Foreign {
        /// The folder, or a file in it.
        path: PathBuf,
        /// The number of the user who owns it.
        owner: u32,
        /// The user that the module runs as.
        user: String,
        /// What gives it to `mgrd`.
        command: String,
    },
    /// Other users can write to a folder that `mgrd` works in as root.
    #[error(
        "other users can write to the folder {path}, so mgrd does not use it for '{user}' (run_as); use \
         `chmod go-w {path}`, or choose another folder"
    )]
    Writable {
        /// The folder.
        path: PathBuf,
        /// The user that the module runs as.
        user: String,
    },
    /// The user could replace a folder that `mgrd` works in as root.
    #[error(
        "user '{user}' (run_as) can write to {above}, and so replace the folder {path}; move it to where only \
         root can write"
    )]
    Replaceable {
        /// The folder.
        path: PathBuf,
        /// A folder above it.
        above: PathBuf,
        /// The user that the module runs as.
        user: String,
    },
    /// `mgrd` has no right to do this for another user.
    #[error(
        "mgrd cannot run and end processes of user '{user}' (run_as), because it does not have {missing}; give \
         it these capabilities, for example in the settings of its container"
    )]
    Capabilities {
        /// The user.
        user: String,
        /// The names of the capabilities.
        missing: String,
    },
    /// Another user could change what root runs.
    #[error(
        "it would run as root, but {path} belongs to user {owner} or can be written by others; give it to root \
         with `chown -h root {path}` and `chmod go-w {path}`, or set run_as for the module"
    )]
    Untrusted {
        /// The file or folder.
        path: PathBuf,
        /// The number of the user who owns it.
        owner: u32,
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
            Self::Owner { .. }
            | Self::Foreign { .. }
            | Self::Writable { .. }
            | Self::Replaceable { .. }
            | Self::Capabilities { .. }
            | Self::Untrusted { .. }
            | Self::Path { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests;
