//! Why `mgrd` does not start, or ended.

use std::path::PathBuf;

use mgrd_command::DescriptorError;
use mgrd_storage::BackendError;
use mgrd_transport::ListenError;

use crate::feed::{FeedError, RecordingError};
use crate::module::ModuleError;
use crate::rpc::{FollowError, ServeError};

/// Why `mgrd` does not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum ManagerError {
    #[error("cannot use the data directory {}: {source}; check it and its owner", path.display())]
    DataDir { path: PathBuf, source: std::io::Error },
    #[error(
        "cannot use the data directory {}: {} is not a folder; name another one with --data-dir",
        path.display(), file.display()
    )]
    NotAFolder { path: PathBuf, file: PathBuf },
    #[error(transparent)]
    Backend(#[from] BackendError),
    #[error(transparent)]
    Follow(#[from] FollowError),
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Feed(#[from] FeedError),
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error(transparent)]
    Modules(#[from] ModuleError),
    #[error("a built-in command is declared wrongly: {0}")]
    Builtin(#[from] DescriptorError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error("cannot serve metrics on {address}: {source}; choose another address with --metrics")]
    Metrics { address: std::net::SocketAddr, source: std::io::Error },
    #[error("cannot watch for signals: {0}; raise the limit of open files")]
    Signals(#[source] std::io::Error),
    #[error("cannot adopt the processes that modules leave behind: {0}; mgrd needs Linux 3.4")]
    Orphans(#[source] std::io::Error),
    #[error("cannot start threads: {0}; raise the limit of processes and threads")]
    Threads(#[source] std::io::Error),
    #[error("a part of mgrd stopped with a panic, which is a fault of mgrd; its log shows where")]
    Broken(#[from] tokio::task::JoinError),
}

#[cfg(test)]
mod tests;
