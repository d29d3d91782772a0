//! Why a module cannot do what it was asked to.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use mgrd_command::{CommandError, Errno};
use mgrd_storage::CommitError;

use super::enabled::EnabledSetError;
use super::folder::ManifestError;
use super::life::{ModuleState, Reason};
use super::process::{AccountError, LoginError};
use super::session::SessionEnd;
use super::share_taken::ShareTaken;
use super::unavailable::Unavailable;
use crate::authority::SecretError;
use crate::commit_errno::commit_errno;

/// Why a command was not run to its end by its module.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ExecuteError {
    /// The module is not enabled.
    #[error(
        "Module '{module}' is not enabled/loaded (required by command '{prefix}'): use `mgrctl mgr \
         module enable {module}` to enable it"
    )]
    NotEnabled {
        /// The module.
        module: String,
        /// The command.
        prefix: String,
    },
    /// The module is enabled and does not work.
    #[error(
        "Module '{module}' {}cannot handle commands{}: {reason}",
        if reason.is_error() { "has experienced an error and " } else { "" },
        if reason.is_error() { "" } else { " now" }
    )]
    Broken {
        /// The module.
        module: String,
        /// The cause.
        #[source]
        reason: Unavailable,
    },
    /// The module ended while it ran the command.
    #[error(
        "Module '{module}' ended while it ran '{prefix}': {end}; the command may have had an effect, \
         so look at the result before you repeat it"
    )]
    Died {
        /// The module.
        module: String,
        /// The command.
        prefix: String,
        /// How its session ended.
        #[source]
        end: SessionEnd,
    },
    /// The module has too many commands and remote calls under way, or too much input waits for it.
    #[error(
        "Module '{module}' has {limit} commands under way or waiting already \
         (limits.module.in_flight), or too many bytes of input wait for it \
         (limits.module.waiting_bytes); try again"
    )]
    Busy {
        /// The module.
        module: String,
        /// How many commands and calls it may have under way.
        limit: usize,
    },
    /// The caller has taken its share of the module.
    #[error(transparent)]
    Share(#[from] ShareTaken),
    /// The command has not ended within the time that its client allows.
    #[error(
        "Module '{module}' did not answer '{prefix}' within {:.1} s; the command may have had an \
         effect, so look at the result before you repeat it", .timeout.as_secs_f32()
    )]
    TimedOut {
        /// The module.
        module: String,
        /// The command.
        prefix: String,
        /// The time that the client allows.
        timeout: Duration,
    },
    /// The command has not ended within the limit of the module.
    #[error(
        "Module '{module}' did not finish '{prefix}' within {:.1} s, which is its limit \
         command_deadline; the command may have had an effect, so look at the result before you repeat it",
        .limit.as_secs_f32()
    )]
    Overdue {
        /// The module.
        module: String,
        /// The command.
        prefix: String,
        /// The limit.
        limit: Duration,
    },
    /// More of the output waits to be read than can be kept.
    #[error(
        "more than {limit} bytes of the output of '{prefix}' wait to be read \
         (limits.module.output_bytes); ask for less"
    )]
    OutputTooLarge {
        /// The command.
        prefix: String,
        /// How many bytes may wait.
        limit: usize,
    },
}

impl CommandError for ExecuteError {
    fn errno(&self) -> Errno {
        match self {
            Self::NotEnabled { .. } => Errno::ENOTSUP,
            Self::Broken { .. } => Errno::EIO,
            Self::Died { end, .. } => end.errno(),
            Self::Busy { .. } | Self::Share(_) => Errno::EAGAIN,
            Self::TimedOut { .. } | Self::Overdue { .. } => Errno::ETIMEDOUT,
            Self::OutputTooLarge { .. } => Errno::EFBIG,
        }
    }
}

/// Why a remote call did not return a value.
#[derive(Clone, Debug, thiserror::Error)]
pub enum CallError {
    /// The module is not enabled, or does not run.
    #[error("cannot call '{module}': {reason}")]
    NotRunning {
        /// The module.
        module: String,
        /// The cause.
        #[source]
        reason: Unavailable,
    },
    /// The module does not offer the method.
    #[error("module '{module}' has no method '{method}'; correct the name, or update '{module}'")]
    NoMethod {
        /// The module.
        module: String,
        /// The name that the caller gave.
        method: String,
    },
    /// The method raised an exception, which has this text.
    #[error("{0}")]
    Raised(String),
    /// The method has not returned within the time that its caller allows.
    #[error(
        "'{module}' did not answer '{method}' within {:.1} s; `mgrctl mgr module ls` shows whether \
         it is busy", .timeout.as_secs_f32()
    )]
    TimedOut {
        /// The module.
        module: String,
        /// The method.
        method: String,
        /// The time that the caller allows.
        timeout: Duration,
    },
    /// The module ended while it ran the method.
    #[error(
        "'{module}' ended while it ran '{method}': {end}; the call may have had an effect, so look \
         at the result before you repeat it"
    )]
    Died {
        /// The module.
        module: String,
        /// The method.
        method: String,
        /// How its session ended.
        #[source]
        end: SessionEnd,
    },
    /// The module has too many commands and remote calls under way, or too many arguments wait for it.
    #[error(
        "module '{module}' has {limit} calls under way already (limits.module.in_flight), or too \
         many bytes of arguments wait for it (limits.module.waiting_bytes); try again"
    )]
    Busy {
        /// The module.
        module: String,
        /// How many commands and calls it may have under way.
        limit: usize,
    },
    /// The caller has taken its share of the module.
    #[error(transparent)]
    Share(#[from] ShareTaken),
    /// Modules call each other in a circle, or nearly so.
    #[error(
        "remote calls are more than {limit} deep (limits.module.call_depth): {}; let none of these \
         modules call one that waits for it", .chain.join(" → ")
    )]
    TooDeep {
        /// The modules that wait for each other.
        chain: Vec<String>,
        /// How deep calls may be.
        limit: usize,
    },
    /// The called module does not know the encoding.
    #[error("module '{module}' does not take arguments in '{encoding}'; use JSON values")]
    Encoding {
        /// The module.
        module: String,
        /// The encoding of the arguments.
        encoding: String,
    },
}

/// Why an operator's request about a module is refused, or modules cannot be run at all.
#[derive(Debug, thiserror::Error)]
pub enum ModuleError {
    /// The name is empty.
    #[error("the module's name is empty; give a name that `mgrctl mgr module ls` lists")]
    NoName,
    /// The name is longer than that of a folder can be.
    #[error(
        "the module's name has {bytes} bytes, and no folder has more than {limit}; give a name that \
         `mgrctl mgr module ls` lists"
    )]
    NameTooLong {
        /// Those of the name.
        bytes: usize,
        /// The most.
        limit: usize,
    },
    /// Many modules are enabled that have no folder.
    #[error(
        "{limit} modules are enabled that no folder of the module path has, and there can be no more; \
         disable those that `mgrctl health detail` names"
    )]
    TooManyAbsent {
        /// The most.
        limit: usize,
    },
    /// The module path has no module of that name.
    #[error(
        "all mgr daemons do not support module '{0}', pass --force to force enablement: there is no \
         module '{0}', and `mgrctl mgr module ls` lists those that there are; the folder of a \
         module has a module.py or a module.toml"
    )]
    Unknown(String),
    /// The module cannot be loaded.
    #[error(
        "module '{module}' cannot be loaded: {reason}; when that is repaired, enable the module \
         again"
    )]
    CannotLoad {
        /// The module.
        module: String,
        /// The cause.
        #[source]
        reason: Arc<Reason>,
    },
    /// The module cannot be loaded now, and the next try may succeed.
    #[error(
        "module '{module}' cannot be loaded for the moment: {reason}; try again, or pass --force to \
         enable it now, and mgrd starts it as soon as it can"
    )]
    CannotLoadYet {
        /// The module.
        module: String,
        /// The cause.
        #[source]
        reason: Arc<Reason>,
    },
    /// The module reports that it cannot run here.
    #[error(
        "module '{module}' reports that it cannot run on the active manager daemon: {reason} (pass \
         --force to force enablement)"
    )]
    CannotRun {
        /// The module.
        module: String,
        /// The cause.
        #[source]
        reason: Arc<Reason>,
    },
    /// There is no such module.
    #[error("there is no module '{0}'; `mgrctl mgr module ls` lists them")]
    NoSuchModule(String),
    /// The module is not enabled.
    #[error("module '{0}' is not enabled; `mgrctl mgr module enable {0}` starts it")]
    NotEnabled(String),
    /// The module is being debugged, so that `mgrd` does not start or end its process.
    #[error(
        "module '{0}' is being debugged: restart it in the debugger, or give it back with \
         `mgrctl mgr module debug {0} --end`"
    )]
    Debugged(String),
    /// The module has no process.
    #[error(
        "module '{module}' has no process, because it is {state}; `mgrctl mgr module ls` says more"
    )]
    NoProcess {
        /// The module.
        module: String,
        /// Its state.
        state: ModuleState,
    },
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
        /// The module.
        module: String,
        /// The cause.
        source: DebugError,
    },
    /// The limits of a module cannot be stored.
    #[error("cannot store the limits of module '{module}', so they are as before: {source}")]
    Limits {
        /// The module.
        module: String,
        /// The cause.
        source: CommitError,
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
    /// The user that it runs as cannot be found.
    #[error(transparent)]
    Account(Arc<AccountError>),
    /// Its folders cannot be used by its user.
    #[error(transparent)]
    Login(Arc<LoginError>),
    /// The system has no random numbers for its secret.
    #[error(
        "cannot make a secret: {0}; let mgrd use the system call getrandom, which a sandbox may \
         forbid"
    )]
    Secret(#[source] io::Error),
    /// Its secret cannot be passed on.
    #[error(
        "cannot write {path}: {source}; free space, or let mgrd write to the folder of its socket"
    )]
    SecretFile {
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl CommandError for ModuleError {
    fn errno(&self) -> Errno {
        match self {
            Self::NoName | Self::NameTooLong { .. } => Errno::EINVAL,
            Self::TooManyAbsent { .. } => Errno::E2BIG,
            Self::Unknown(_)
            | Self::CannotLoad { .. }
            | Self::CannotRun { .. }
            | Self::NoSuchModule(_) => Errno::ENOENT,
            Self::NotEnabled(_) => Errno::EINVAL,
            Self::Debugged(_) => Errno::EBUSY,
            Self::NoProcess { .. } => Errno::ESRCH,
            Self::EnabledSet(error) => error.errno(),
            Self::Limits { source, .. } => commit_errno(source),
            Self::Spawner(_) | Self::Debug { .. } => Errno::EIO,
            Self::CannotLoadYet { .. } | Self::ShuttingDown => Errno::EAGAIN,
        }
    }
}

impl CommandError for CallError {
    fn errno(&self) -> Errno {
        match self {
            Self::NotRunning { .. } => Errno::ENOENT,
            Self::NoMethod { .. } => Errno::ENOTSUP,
            Self::Raised(_) | Self::Encoding { .. } => Errno::EINVAL,
            Self::TimedOut { .. } => Errno::ETIMEDOUT,
            Self::Died { end, .. } => end.errno(),
            Self::Busy { .. } | Self::Share(_) | Self::TooDeep { .. } => Errno::EAGAIN,
        }
    }
}

/// Why a session is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AttachError {
    /// The secret does not belong to a run.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// There is a session already.
    #[error("module '{0}' has a live session already; end that one first")]
    AlreadyAttached(String),
}

impl CommandError for AttachError {
    fn errno(&self) -> Errno {
        match self {
            Self::Secret(_) => Errno::EACCES,
            Self::AlreadyAttached(_) => Errno::EEXIST,
        }
    }
}

#[cfg(test)]
mod tests;
