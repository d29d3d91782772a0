//! Why `mgrd` does not use control groups.

use std::io;
use std::path::PathBuf;

/// Why `mgrd` does not use control groups.
#[derive(Debug, thiserror::Error)]
pub enum NoControlGroups {
    /// It was not asked to.
    #[error("this mgrd does not use them")]
    NotUsed,
    /// `/proc` does not show where they are.
    #[error("/proc does not show the control group of mgrd: {0}")]
    Unknown(#[source] io::Error),
    /// There are none.
    #[error("no hierarchy of version 2 is mounted")]
    NotMounted,
    /// Only groups below or beside that of `mgrd` are mounted.
    #[error("the group of mgrd, {0}, is not in the hierarchy that is mounted")]
    NotVisible(String),
    /// They cannot be changed.
    #[error("{} is mounted read-only", .0.display())]
    ReadOnly(PathBuf),
    /// It is a group for threads.
    #[error("the group of mgrd, {}, is of type '{kind}', not 'domain'", .folder.display())]
    NotADomain {
        /// The group.
        folder: PathBuf,
        /// Its type.
        kind: String,
    },
    /// `mgrd` may not move the others.
    #[error("other programs are in the group of mgrd, {}, and it was not delegated to mgrd", .0.display())]
    Shared(PathBuf),
    /// There is nothing that could keep a limit.
    #[error("{} can use none of the controllers cpu, memory and pids", .0.display())]
    NoControllers(PathBuf),
    /// The kernel refuses something.
    #[error("the kernel refuses to change {}: {source}", .path.display())]
    Refused {
        /// What was written or made.
        path: PathBuf,
        /// What the kernel says.
        source: io::Error,
    },
}

#[cfg(test)]
mod tests;
