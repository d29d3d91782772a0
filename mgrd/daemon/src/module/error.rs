//! Why a module cannot do what it was asked to.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mgrd_command::{CommandError, Errno};

use super::enabled::EnabledSetError;
use super::folder::ManifestError;
use crate::authority::SecretError;

/// Why a command was not run to its end by its module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExecuteError {
    /// The module is not enabled.
    #[error(
        "Module '{module}' is not enabled/loaded (required by command '{prefix}'): use `mgrctl mgr \
         module enable {module}` to enable it"
    )]
    NotEnabled {
        /// Which.
        module: String,
        /// The command.
        prefix: String,
    },
    /// The module is enabled and does not work.
    #[error("Module '{module}' has experienced an error and cannot handle commands: {reason}")]
    Broken {
        /// Which.
        module: String,
        /// Why.
        reason: String,
    },
    /// The module ended while it ran the command.
    #[error("Module '{module}' ended while it ran '{prefix}': {reason}; what it did is not known")]
    Died {
        /// Which.
        module: String,
        /// The command.
        prefix: String,
        /// How it ended.
        reason: String,
    },
    /// Too much under way.
    #[error(
        "Module '{module}' has {limit} commands under way or waiting already, or too many bytes of \
         input wait for it; try again"
    )]
    Busy {
        /// Which.
        module: String,
        /// The limit.
        limit: usize,
    },
    /// It took too long.
    #[error("Module '{module}' did not answer '{prefix}' within {:.1} s", .timeout.as_secs_f32())]
    TimedOut {
        /// Which.
        module: String,
        /// The command.
        prefix: String,
        /// The limit.
        timeout: Duration,
    },
    /// More of its output waits to be read than can be kept.
    #[error("more than {limit} bytes of the output of '{prefix}' wait to be read; ask for less")]
    OutputTooLarge {
        /// The command.
        prefix: String,
        /// The limit.
        limit: usize,
    },
}

impl CommandError for ExecuteError {
    fn errno(&self) -> Errno {
        match self {
            Self::NotEnabled { .. } => Errno::ENOTSUP,
            Self::Broken { .. } | Self::Died { .. } => Errno::EIO,
            Self::Busy { .. } => Errno::EAGAIN,
            Self::TimedOut { .. } => Errno::ETIMEDOUT,
            Self::OutputTooLarge { .. } => Errno::EFBIG,
        }
    }
}

/// Why a remote call did not return a value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The module is not enabled, or not running.
    #[error("cannot call '{module}': {reason}")]
    NotRunning {
        /// Which.
        module: String,
        /// Why.
        reason: String,
    },
    /// No such method.
    #[error("module '{module}' has no method '{method}'")]
    NoMethod {
        /// Which.
        module: String,
        /// The method.
        method: String,
    },
    /// The method raised.
    #[error("{0}")]
    Raised(String),
    /// It took too long.
    #[error("'{module}' did not answer '{method}' within {:.1} s", .timeout.as_secs_f32())]
    TimedOut {
        /// Which.
        module: String,
        /// The method.
        method: String,
        /// The limit.
        timeout: Duration,
    },
    /// The module ended meanwhile.
    #[error("'{module}' ended while it ran '{method}': {reason}")]
    Died {
        /// Which.
        module: String,
        /// The method.
        method: String,
        /// How it ended.
        reason: String,
    },
    /// Too much under way.
    #[error(
        "module '{module}' has {limit} calls under way already, or too many bytes of arguments \
         wait for it; try again"
    )]
    Busy {
        /// Which.
        module: String,
        /// The limit.
        limit: usize,
    },
    /// A cycle.
    #[error("remote calls are more than {limit} deep: {}; is this a cycle?", .chain.join(" → "))]
    TooDeep {
        /// The modules that wait.
        chain: Vec<String>,
        /// The limit.
        limit: usize,
    },
    /// The called module does not know the encoding.
    #[error("module '{module}' does not take arguments in '{encoding}'; use JSON values")]
    Encoding {
        /// Which.
        module: String,
        /// The encoding.
        encoding: String,
    },
}

/// Why an operator's request about a module is refused, or modules cannot be run at all.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// No name.
    #[error("the module's name is empty; give a name that `mgrctl mgr module ls` lists")]
    NoName,
    /// Nothing of that name in the module path.
    #[error("all mgr daemons do not support module '{0}', pass --force to force enablement")]
    Unknown(String),
    /// It cannot run.
    #[error(
        "module '{module}' reports that it cannot run on the active manager daemon: {reason} (pass \
         --force to force enablement)"
    )]
    CannotRun {
        /// Which.
        module: String,
        /// Why.
        reason: String,
    },
    /// There is no such module.
    #[error("there is no module '{0}'; `mgrctl mgr module ls` lists them")]
    NoSuchModule(String),
    /// Not enabled.
    #[error("module '{0}' is not enabled; `mgrctl mgr module enable {0}` starts it")]
    NotEnabled(String),
    /// Which modules are enabled cannot be read or stored.
    #[error(transparent)]
    EnabledSet(#[from] EnabledSetError),
    /// The thread that starts processes cannot start.
    #[error(
        "cannot start the thread that starts modules: {0}; raise the limit of processes and \
         threads, or end some of them"
    )]
    Spawner(#[source] io::Error),
    /// A module cannot be debugged.
    #[error("cannot prepare to debug '{module}': {source}")]
    Debug {
        /// Which.
        module: String,
        /// Why.
        source: DebugError,
    },
    /// The daemon is ending.
    #[error("mgrd is shutting down; try again when it is back")]
    ShuttingDown,
}

/// Why a module cannot be started by hand.
#[derive(Debug, thiserror::Error)]
pub enum DebugError {
    /// It is not known how to run it.
    #[error(transparent)]
    Manifest(Arc<ManifestError>),
    /// There is no secret for it.
    #[error("cannot make a secret: {0}")]
    Secret(#[source] io::Error),
    /// Its secret cannot be passed on.
    #[error("cannot write {path}: {source}")]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl CommandError for ModuleError {
    fn errno(&self) -> Errno {
        match self {
            Self::NoName => Errno::EINVAL,
            Self::Unknown(_) | Self::CannotRun { .. } | Self::NoSuchModule(_) => Errno::ENOENT,
            Self::NotEnabled(_) => Errno::EINVAL,
            Self::EnabledSet(_) | Self::Spawner(_) | Self::Debug { .. } => Errno::EIO,
            Self::ShuttingDown => Errno::EAGAIN,
        }
    }
}

/// Why a session is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachError {
    /// The secret proves nothing.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is a session already.
    #[error("module '{0}' has a live session already; end that one first")]
    AlreadyAttached(String),
}

#[cfg(test)]
mod tests;
