//! Why a session ended.

use std::sync::Arc;

use mgrd_command::Errno;

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
    /// An operator asked for a restart of the module.
    #[error("an operator restarted it")]
    Restarted,
    /// An operator disabled the module.
    #[error("an operator disabled it")]
    Disabled,
    /// An operator began to debug the module.
    #[error("an operator began to debug it")]
    DebuggingBegan,
    /// The manager ends, and its modules with it.
    #[error("its manager ended")]
    ManagerEnded,
    /// An operator gave the module back to the supervisor.
    #[error("debugging ended")]
    DebuggingEnded,
}

impl SessionEnd {
    /// Whether the end was asked for, so that the module did nothing wrong.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        match self {
            Self::Restarted
            | Self::Disabled
            | Self::DebuggingBegan
            | Self::ManagerEnded
            | Self::DebuggingEnded => true,
            Self::ProcessEnded(_) | Self::Unhealthy(_) | Self::Closed | Self::Described => false,
        }
    }

    /// The error number for what the module did not finish.
    pub(in crate::module) fn errno(&self) -> Errno {
        if self.is_asked() { Errno::EINTR } else { Errno::EIO }
    }
}

#[cfg(test)]
mod tests;
