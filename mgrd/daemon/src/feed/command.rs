//! Commands for the cluster itself. A feed runs and answers them.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mgrd_command::{CommandError, Errno, Outcome};
use parking_lot::Mutex;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::time::Instant;

use super::limits::Limits;
use crate::authority::Caller;
use crate::limits_reached::reached;

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
    #[error(
        "feed '{feed}' has not answered {limit} commands yet (limits.feed.commands); try again later"
    )]
    Busy {
        /// The feed.
        feed: String,
        /// The limit.
        limit: usize,
    },
    /// Too many commands of this caller wait for an answer.
    #[error(
        "feed '{feed}' has not answered {limit} commands of {caller} yet \
         (limits.feed.caller_commands); wait for their answers"
    )]
    Share {
        /// The feed.
        feed: String,
        /// Who sent them.
        caller: Caller,
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
            Self::Busy { .. } | Self::Share { .. } => Errno::EAGAIN,
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
    /// The callers of these.
    callers: Arc<Mutex<Vec<Caller>>>,
    limit: usize,
    caller_limit: usize,
}

/// A place among the commands of one caller.
struct Place<'a> {
    callers: &'a Mutex<Vec<Caller>>,
    caller: &'a Caller,
}

impl<'a> Place<'a> {
    /// A place, if the caller has fewer than `limit`.
    fn take(callers: &'a Mutex<Vec<Caller>>, caller: &'a Caller, limit: usize) -> Option<Self> {
        let mut all = callers.lock();
        let taken = all.iter().filter(|other| *other == caller).count();
        (taken < limit).then(|| all.push(caller.clone()))?;
        Some(Self { callers, caller })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut all = self.callers.lock();
        if let Some(at) = all.iter().position(|other| other == self.caller) {
            all.swap_remove(at);
        }
    }
}

impl Executor {
    /// An executor that allows so many commands without an answer, and the receiver for the feed.
    pub(super) fn new(limits: &Limits) -> (Self, mpsc::Receiver<PendingCommand>) {
        let limit = limits.commands.clamp(1, Semaphore::MAX_PERMITS);
        let (commands, receiver) = mpsc::channel(limit);
        let (permits, callers) = (Arc::new(Semaphore::new(limit)), Arc::default());
        let caller_limit = limits.caller_commands.max(1);
        (Self { commands, permits, callers, limit, caller_limit }, receiver)
    }

    /// Sends a command to the feed `name` and waits for the answer.
    pub(super) async fn run(
        self,
        name: String,
        caller: Caller,
        command: ClusterCommand,
        timeout: Duration,
    ) -> Result<Outcome, ClusterCommandError> {
        let limit = self.caller_limit;
        let Some(_place) = Place::take(&self.callers, &caller, limit) else {
            reached(&caller, "limits.feed.caller_commands");
            return Err(ClusterCommandError::Share { feed: name, caller, limit });
        };
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
