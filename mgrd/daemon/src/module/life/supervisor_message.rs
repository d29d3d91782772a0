//! What others send to the supervisor.

use tokio::sync::oneshot;

use super::input::Input;

/// A message to the supervisor.
#[derive(Debug)]
pub(in crate::module) enum SupervisorMessage {
    /// A request about a module. `done` is sent when the supervisor has acted on it.
    Request { module: String, input: Input, done: oneshot::Sender<()> },
    /// Something happened in a run of a module.
    FromRun { module: String, run: u64, input: Input },
    /// `done` is sent at once: the supervisor goes on.
    Probe { done: oneshot::Sender<()> },
    /// End all modules.
    Shutdown,
    /// Kill the processes that are left.
    Kill,
}
