//! The trait of a module.

use std::future::Future;

use crate::command::Command;
use crate::method::Method;
use crate::{Host, Live, Options, Result, Shutdown};

/// A module: something that manages the cluster, in a process of its own.
pub trait Module: Commands {
    /// The options of the module; `()` if it has none.
    type Options: Options;

    /// The types of notifications that it receives, such as `osd_map`; `*` means all.
    const NOTIFY: &'static [&'static str] = &[];

    /// Whether it can run here. It is called before anything else.
    ///
    /// ```
    /// # use mgrd_sdk::prelude::*;
    /// # struct Mount;
    /// # impl Commands for Mount {}
    /// # impl Module for Mount {
    /// #     type Options = ();
    /// #     async fn start(_host: Host, _options: Live<()>) -> Result<Self> { Ok(Self) }
    /// fn can_run() -> Result<(), CannotRun> {
    ///     match std::path::Path::new("/dev/fuse").exists() {
    ///         true => Ok(()),
    ///         false => Err("there is no /dev/fuse; load the kernel module fuse".into()),
    ///     }
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    /// The module cannot run; the text gives the reason and the next step.
    fn can_run() -> Result<(), CannotRun> {
        Ok(())
    }

    /// Starts the module. Commands arrive after it has returned. An error ends the process, and the
    /// host tries again later.
    fn start(host: Host, options: Live<Self::Options>)
    -> impl Future<Output = Result<Self>> + Send;

    /// The work that the module does on its own, until `shutdown` is requested. If it returns an
    /// error, the host raises a health check, and the module still answers commands, so that an
    /// operator can examine it.
    fn serve(&self, shutdown: Shutdown) -> impl Future<Output = Result<()>> + Send {
        async move {
            shutdown.requested().await;
            Ok(())
        }
    }
}

/// The commands and methods of a module. The attribute [`commands`](macro@crate::commands) writes it.
/// A module without commands has an empty `impl Commands for … {}`.
pub trait Commands: Send + Sync + Sized + 'static {
    /// The commands of the module.
    #[doc(hidden)]
    fn commands() -> Vec<Command<Self>> {
        Vec::new()
    }

    /// The methods that other modules may call.
    #[doc(hidden)]
    fn methods() -> Vec<Method<Self>> {
        Vec::new()
    }
}

/// Why a module cannot run here. Make it of a text: `Err("there is no network".into())`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct CannotRun {
    reason: String,
}

impl From<String> for CannotRun {
    fn from(reason: String) -> Self {
        Self { reason }
    }
}

impl From<&str> for CannotRun {
    fn from(reason: &str) -> Self {
        Self { reason: reason.to_owned() }
    }
}

#[cfg(test)]
mod tests;
