//! Commands for the cluster itself. A feed runs and answers them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mgrd_command::{CommandError, Errno, Outcome};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::Instant;

/// A command for a daemon of the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterCommand {
    /// The type of daemon that runs it: `mon`, `osd`, `mds` or `pg`.
    pub target_kind: String,
    /// The id of the daemon. Empty means any.
    pub target_id: String,
    /// A JSON object with `prefix` and the arguments.
    pub command: Bytes,
    /// The input data. Empty if there is none.
    pub input: Bytes,
}

/// A command on its way to a feed.
#[derive(Debug)]
pub struct PendingCommand {
    /// What to run.
    pub command: ClusterCommand,
    /// When the caller gives up.
    pub deadline: Instant,
    reply: oneshot::Sender<Outcome>,
}

impl PendingCommand {
    /// Answers the command. If it is dropped instead, the caller gets an error.
    pub fn answer(self, outcome: Outcome) {
        // The caller may have given up.
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
    /// No connected feed runs commands.
    #[error(
        "nothing connected can run commands on the cluster (a recording cannot); \
         connect a feed that has the feature 'commands'"
    )]
    NoExecutor,
    /// Too many commands wait for an answer.
    #[error("feed '{feed}' has not answered {limit} commands yet; try again later")]
    Busy {
        /// The feed.
        feed: String,
        /// The limit.
        limit: usize,
    },
    /// The feed disconnected or dropped the command.
    #[error("feed '{0}' left without an answer; whether the command was run is not known")]
    Gone(String),
    /// The feed did not answer in time.
    #[error("feed '{feed}' gave no answer within {:.1} s; the command may still be running", .after.as_secs_f64())]
    Timeout {
        /// The feed.
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

/// Sends commands to one feed.
#[derive(Clone)]
pub(super) struct Executor {
    commands: mpsc::Sender<PendingCommand>,
    /// One permit for each command without an answer.
    permits: Arc<Semaphore>,
    limit: usize,
}

impl Executor {
    /// An executor that allows `limit` commands without an answer, and the receiver for the feed.
    pub(super) fn new(limit: usize) -> (Self, mpsc::Receiver<PendingCommand>) {
        let limit = limit.clamp(1, Semaphore::MAX_PERMITS);
        let (commands, receiver) = mpsc::channel(limit);
        (Self { commands, permits: Arc::new(Semaphore::new(limit)), limit }, receiver)
    }

    /// Sends a command to the feed `name` and waits for the answer.
    pub(super) async fn run(
        self,
        name: String,
        command: ClusterCommand,
        timeout: Duration,
    ) -> Result<Outcome, ClusterCommandError> {
        let busy = |feed| ClusterCommandError::Busy { feed, limit: self.limit };
        let Ok(_permit) = self.permits.try_acquire() else { return Err(busy(name)) };
        let (reply, answer) = oneshot::channel();
        let deadline = Instant::now() + timeout;
        let sent = self.commands.try_send(PendingCommand { command, deadline, reply });
        // A waiting caller must not keep the channel of a replaced connection open.
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
