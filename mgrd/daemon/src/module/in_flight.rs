//! Commands and remote calls that a module has not answered yet.

use std::collections::HashMap;

use bytes::Bytes;
use mgrd_command::Outcome;
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};

use super::message::{MethodError, Payload};

/// What a part of the output costs to keep, in bytes, even if it is empty.
const LEAST_WEIGHT: usize = 64;

/// What a part of the output counts for among those that wait.
pub(super) fn weight(part: &Bytes) -> usize {
    part.len().max(LEAST_WEIGHT)
}

/// What happened to a command.
#[derive(Debug)]
pub(super) enum Progress {
    Output(Bytes),
    Done(Outcome),
    TooMuch,
    /// The session ended, for this reason.
    Died(String),
}

/// How a remote call ended.
#[derive(Debug)]
pub(super) enum Answer {
    Returned(Result<Payload, MethodError>),
    Died(String),
}

/// The calls under way in one session.
#[derive(Debug, Default)]
pub(super) struct InFlight(Mutex<Calls>);

#[derive(Debug, Default)]
struct Calls {
    next_id: u64,
    commands: HashMap<u64, Running>,
    remote: HashMap<u64, oneshot::Sender<Answer>>,
    closed: Option<String>,
}

#[derive(Debug)]
struct Running {
    // Bounded by `unread` and the one end.
    progress: mpsc::UnboundedSender<Progress>,
    unread: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

/// The receiving end of a command.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) id: u64,
    pub(super) progress: mpsc::UnboundedReceiver<Progress>,
    pub(super) unread: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

use std::sync::atomic::Ordering::Relaxed;

/// Why no call can be added.
pub(super) enum Refused {
    Full,
    Closed(String),
}

impl InFlight {
    pub(super) fn command(&self, limit: usize) -> Result<Receiver, Refused> {
        let mut calls = self.0.lock();
        let id = calls.add(limit)?;
        let (sender, progress) = mpsc::unbounded_channel();
        let unread = std::sync::Arc::default();
        let running = Running { progress: sender, unread: std::sync::Arc::clone(&unread) };
        calls.commands.insert(id, running);
        Ok(Receiver { id, progress, unread })
    }

    pub(super) fn remote(&self, limit: usize) -> Result<(u64, oneshot::Receiver<Answer>), Refused> {
        let mut calls = self.0.lock();
        let id = calls.add(limit)?;
        let (sender, receiver) = oneshot::channel();
        calls.remote.insert(id, sender);
        Ok((id, receiver))
    }

    /// Passes on a part of the output; false if that command is over because of it.
    pub(super) fn output(&self, id: u64, stdout: Bytes, limit: usize) -> bool {
        let mut calls = self.0.lock();
        let Some(running) = calls.commands.get(&id) else { return true };
        let weight = weight(&stdout);
        let unread = running.unread.fetch_add(weight, Relaxed) + weight;
        if unread > limit {
            let _ = running.progress.send(Progress::TooMuch);
            calls.commands.remove(&id);
            return false;
        }
        let _ = running.progress.send(Progress::Output(stdout));
        true
    }

    pub(super) fn done(&self, id: u64, outcome: Outcome) {
        if let Some(running) = self.0.lock().commands.remove(&id) {
            let _ = running.progress.send(Progress::Done(outcome));
        }
    }

    pub(super) fn returned(&self, id: u64, result: Result<Payload, MethodError>) {
        if let Some(waiting) = self.0.lock().remote.remove(&id) {
            let _ = waiting.send(Answer::Returned(result));
        }
    }

    /// Forgets a call whose answer is not wanted any more; false if it was answered.
    pub(super) fn forget(&self, id: u64) -> bool {
        let mut calls = self.0.lock();
        calls.commands.remove(&id).is_some() || calls.remote.remove(&id).is_some()
    }

    /// Ends everything that is under way.
    pub(super) fn close(&self, reason: &str) {
        let mut calls = self.0.lock();
        calls.closed.get_or_insert_with(|| reason.to_owned());
        for (_, running) in calls.commands.drain() {
            let _ = running.progress.send(Progress::Died(reason.to_owned()));
        }
        for (_, waiting) in calls.remote.drain() {
            let _ = waiting.send(Answer::Died(reason.to_owned()));
        }
    }

    /// Whether this command is under way; any, if none is named.
    pub(super) fn runs_command(&self, id: Option<u64>) -> bool {
        let commands = &self.0.lock().commands;
        id.map_or(!commands.is_empty(), |id| commands.contains_key(&id))
    }

    pub(super) fn len(&self) -> usize {
        let calls = self.0.lock();
        calls.commands.len() + calls.remote.len()
    }
}

impl Calls {
    fn add(&mut self, limit: usize) -> Result<u64, Refused> {
        if let Some(reason) = &self.closed {
            return Err(Refused::Closed(reason.clone()));
        }
        if self.commands.len() + self.remote.len() >= limit {
            return Err(Refused::Full);
        }
        self.next_id += 1;
        Ok(self.next_id)
    }
}
