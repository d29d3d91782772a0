//! Why a session ended.

use std::sync::Arc;

use crate::module::process::Exit;

/// Why a session ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionEnd {
    /// The process of the module ended.
    #[error(transparent)]
    ProcessEnded(Exit),
    /// The supervisor ended the process, because of this.
    #[error("{0}")]
    Unhealthy(Arc<str>),
    /// The module closed its connection.
    #[error("its session ended")]
    Closed,
    /// The module was started only to send its declaration.
    #[error("it was started only to describe itself")]
    Described,
    /// An operator gave the module back to the supervisor.
    #[error("debugging ended")]
    DebuggingEnded,
}

#[cfg(test)]
mod tests;
