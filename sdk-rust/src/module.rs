//! What a module is.

use std::future::Future;

use crate::command::Command;
use crate::method::Method;
use crate::{Host, Live, Options, Result, Shutdown};

/// A module: something that manages the cluster, in a process of its own.
pub trait Module: Commands {
    /// Its options; `()` if it has none.
    type Options: Options;

    /// The notification types it wants, such as `osd_map`; `*` means all.
    const NOTIFY: &'static [&'static str] = &[];

    /// Whether it can run here, asked before anything else.
    ///
    /// # Errors
    /// Why it cannot, and what would help.
    fn can_run() -> Result<(), String> {
        Ok(())
    }

    /// Sets it up. Commands come once this is done; an error ends the process, and the host tries
    /// again later.
    fn start(host: Host, options: Live<Self::Options>)
    -> impl Future<Output = Result<Self>> + Send;

    /// Its main work beside answering commands, until `shutdown` is requested. An error becomes a
    /// health check; the module goes on answering commands, so that it can be looked at.
    fn serve(&self, shutdown: Shutdown) -> impl Future<Output = Result<()>> + Send {
        async move {
            shutdown.requested().await;
            Ok(())
        }
    }
}

/// What a module answers; written by the attribute [`commands`](macro@crate::commands). A module
/// without commands has an empty `impl Commands for … {}`.
pub trait Commands: Send + Sync + Sized + 'static {
    /// Its commands.
    #[doc(hidden)]
    fn commands() -> Vec<Command<Self>> {
        Vec::new()
    }

    /// What other modules may call.
    #[doc(hidden)]
    fn methods() -> Vec<Method<Self>> {
        Vec::new()
    }
}
