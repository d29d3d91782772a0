//! Commands for the cluster itself: handed to a feed that can run them, answered by it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mgrd_command::{CommandError, Errno, Outcome};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::Instant;

/// A command for a daemon of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterCommand {
    /// Who should run it: `mon`, `osd`, `mds` or `pg`.
    pub target_kind: String,
    /// Which one; empty means any.
    pub target_id: String,
    /// JSON object with `prefix` and the arguments.
    pub command: Bytes,
    /// Input data, empty if none.
    pub input: Bytes,
}

/// A command on its way to a feed.
#[derive(Debug)]
pub struct PendingCommand {
    /// What to run.
    pub command: ClusterCommand,
    /// When the one who asked gives up.
    pub deadline: Instant,
    reply: oneshot::Sender<Outcome>,
}

impl PendingCommand {
    /// Says how it ended. Dropping it instead tells the one who asked that there is no answer.
    pub fn answer(self, outcome: Outcome) {
        // The one who asked may have given up.
        let _ = self.reply.send(outcome);
    }

    /// Whether the caller no longer waits for the answer.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }
}

/// Why a command for the cluster has no answer.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClusterCommandError {
    /// No feed that is connected runs commands.
    #[error(
        "nothing connected can run commands on the cluster (a recording cannot); \
         connect a feed that has the feature 'commands'"
    )]
    NoExecutor,
    /// Too many wait.
    #[error("feed '{feed}' has not answered {limit} commands yet; try again later")]
    Busy {
        /// Who is busy.
        feed: String,
        /// The bound.
        limit: usize,
    },
    /// The feed left or dropped it.
    #[error("feed '{0}' left without an answer; whether the command was run is not known")]
    Gone(String),
    /// It took too long.
    #[error("feed '{feed}' gave no answer within {:.1} s; the command may still be running", .after.as_secs_f64())]
    Timeout {
        /// Who was asked.
        feed: String,
        /// How long it had.
        after: Duration,
    },
}

impl CommandError for ClusterCommandError {
    fn errno(&self) -> Errno {
        match self {
            Self::NoExecutor => Errno::ENOTSUP,
            Self::Busy { .. } => Errno::EAGAIN,
            Self::Gone(_) => Errno::EIO,
            Self::Timeout { .. } => Errno::ETIMEDOUT,
        }
    }
}

/// The way to a feed that runs commands.
#[derive(Clone)]
pub(super) struct Executor {
    commands: mpsc::Sender<PendingCommand>,
    /// One place for each command with a waiting caller.
    places: Arc<Semaphore>,
    limit: usize,
}

impl Executor {
    /// A way on which `limit` commands may be unanswered, and its other end.
    pub(super) fn new(limit: usize) -> (Self, mpsc::Receiver<PendingCommand>) {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        let (commands, receiver) = mpsc::channel(limit);
        (Self { commands, places: Arc::new(Semaphore::new(limit)), limit }, receiver)
    }

    /// Hands a command to the feed `name` and waits for its answer.
    pub(super) async fn run(
        self,
        name: String,
        command: ClusterCommand,
        timeout: Duration,
    ) -> Result<Outcome, ClusterCommandError> {
        let busy = |feed| ClusterCommandError::Busy { feed, limit: self.limit };
        let Ok(_place) = self.places.try_acquire() else { return Err(busy(name)) };
        let (reply, answer) = oneshot::channel();
        let deadline = Instant::now() + timeout;
        let sent = self.commands.try_send(PendingCommand { command, deadline, reply });
        // A waiting caller must not keep a connection open that a newer one replaces.
        drop(self.commands);
        match sent {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => return Err(busy(name)),
            Err(mpsc::error::TrySendError::Closed(_)) => {
                return Err(ClusterCommandError::Gone(name));
            }
        }
        match tokio::time::timeout_at(deadline, answer).await {
            Ok(Ok(outcome)) => Ok(outcome),
            Ok(Err(_)) => Err(ClusterCommandError::Gone(name)),
            Err(_) => Err(ClusterCommandError::Timeout { feed: name, after: timeout }),
        }
    }
}

#[cfg(test)]
mod tests;
