//! Commands and remote calls that a module has not answered yet.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use bytes::Bytes;
use mgrd_command::{Errno, Outcome};
use parking_lot::Mutex;
use tokio::sync::{mpsc, oneshot};
use tracing::Span;

use super::limits::SessionLimits;
use super::message::{CommandCall, CommandEvent, MethodError, Payload, RemoteCall};
use super::session_end::SessionEnd;
use super::under_way::{UnderWay, Work};
use crate::authority::{Caller, Identity};
use crate::limits_reached::reached;
use crate::metered::answered;
use crate::module::error::ExecuteError;
use crate::text::line;

/// What a part of the output costs to keep, in bytes, even if it is empty.
const LEAST_WEIGHT: usize = 64;

/// How much of the name of a method is kept. The module may not have that method.
const NAME_BYTES: usize = 256;

/// What a part of the output counts for among those that wait.
fn weight(part: &Bytes) -> usize {
    part.len().max(LEAST_WEIGHT)
}

/// How a remote call ended.
#[derive(Debug)]
pub(in crate::module) enum Answer {
    Returned(Result<Payload, MethodError>),
    SessionEnded(SessionEnd),
}

/// The calls under way in one session.
#[derive(Debug)]
pub(in crate::module) struct InFlight {
    module: String,
    calls: Mutex<Calls>,
}

#[derive(Debug, Default)]
struct Calls {
    next_id: u64,
    commands: HashMap<u64, Command>,
    remote: HashMap<u64, Remote>,
    closed: Option<SessionEnd>,
    /// What was under way when the session was closed.
    left: Vec<UnderWay>,
}

/// What is asked of the module, and since when.
#[derive(Debug)]
struct Asked {
    /// The prefix of a command, or the name of a method.
    name: String,
    request: String,
    since: Instant,
}

/// A remote call without an answer.
#[derive(Debug)]
struct Remote {
    asked: Asked,
    share: Caller,
    answer: oneshot::Sender<Answer>,
}

/// The sending end of a command's events.
#[derive(Debug)]
struct Command {
    asked: Asked,
    caller: Identity,
    share: Caller,
    /// The span in which it was started.
    span: Span,
    // Bounded by `unread` and the one end.
    sender: mpsc::UnboundedSender<CommandEvent>,
    unread: Arc<AtomicUsize>,
}

/// The receiving end of a command's events.
#[derive(Debug)]
pub(in crate::module) struct Events {
    pub(in crate::module) id: u64,
    receiver: mpsc::UnboundedReceiver<CommandEvent>,
    unread: Arc<AtomicUsize>,
}

impl Events {
    /// The next one; an error as the end if there is none any more.
    pub(in crate::module) async fn next(&mut self) -> CommandEvent {
        match self.receiver.recv().await {
            Some(CommandEvent::Output(part)) => {
                self.unread.fetch_sub(weight(&part), Relaxed);
                CommandEvent::Output(part)
            }
            Some(done) => done,
            None => CommandEvent::Done(Outcome::error(Errno::EIO, "the command has ended already")),
        }
    }
}

/// Why no call can be added.
pub(in crate::module) enum Refused {
    /// All callers together have too many.
    Full,
    /// This caller has too many.
    Share(Caller),
    Closed(SessionEnd),
}

impl InFlight {
    pub(in crate::module) fn new(module: &str) -> Self {
        Self { module: module.to_owned(), calls: Mutex::default() }
    }

    pub(in crate::module) fn command(
        &self,
        call: &CommandCall,
        limits: &SessionLimits,
    ) -> Result<Events, Refused> {
        let share = Caller::from(&call.caller);
        let mut calls = self.calls.lock();
        let id = calls.add(&share, limits)?;
        let (sender, receiver) = mpsc::unbounded_channel();
        let unread = Arc::default();
        let asked = Asked::new(&call.prefix, &call.request);
        let (caller, span) = (call.caller.clone(), Span::current());
        let command = Command { asked, caller, share, span, sender, unread: Arc::clone(&unread) };
        calls.commands.insert(id, command);
        Ok(Events { id, receiver, unread })
    }

    pub(in crate::module) fn remote(
        &self,
        call: &RemoteCall,
        limits: &SessionLimits,
    ) -> Result<(u64, oneshot::Receiver<Answer>), Refused> {
        let share = Caller::module(&call.caller);
        let mut calls = self.calls.lock();
        let id = calls.add(&share, limits)?;
        let (answer, receiver) = oneshot::channel();
        let asked = Asked::new(&line(&call.method, NAME_BYTES), &call.request);
        calls.remote.insert(id, Remote { asked, share, answer });
        Ok((id, receiver))
    }

    /// Passes on what a command gives; false if the command is over because its output is more
    /// than `limit`.
    pub(in crate::module) fn event(&self, id: u64, event: CommandEvent, limit: usize) -> bool {
        let mut calls = self.calls.lock();
        let Some(command) = calls.commands.get(&id) else { return true };
        let CommandEvent::Output(part) = &event else {
            let _ = command.sender.send(event);
            // Modules that keep each other busy must not get their time for nothing.
            if !matches!(command.caller, Identity::Module { .. }) {
                answered();
            }
            calls.commands.remove(&id);
            return true;
        };
        let weight = weight(part);
        if command.unread.fetch_add(weight, Relaxed) + weight > limit {
            let prefix = command.asked.name.clone();
            command.fail(ExecuteError::OutputTooLarge { prefix, limit });
            calls.commands.remove(&id);
            return false;
        }
        let _ = command.sender.send(event);
        true
    }

    pub(in crate::module) fn returned(&self, id: u64, result: Result<Payload, MethodError>) {
        if let Some(waiting) = self.calls.lock().remote.remove(&id) {
            let _ = waiting.answer.send(Answer::Returned(result));
        }
    }

    /// Forgets a call whose answer is not wanted any more; false if it was answered.
    pub(in crate::module) fn forget(&self, id: u64) -> bool {
        let mut calls = self.calls.lock();
        calls.commands.remove(&id).is_some() || calls.remote.remove(&id).is_some()
    }

    /// Ends everything that is under way.
    pub(in crate::module) fn close(&self, end: SessionEnd) {
        let mut calls = self.calls.lock();
        calls.closed.get_or_insert_with(|| end.clone());
        let left = calls.under_way();
        calls.left.extend(left);
        for (_, command) in calls.commands.drain() {
            let (module, prefix) = (self.module.clone(), command.asked.name.clone());
            command.fail(ExecuteError::Died { module, prefix, end: end.clone() });
        }
        for (_, waiting) in calls.remote.drain() {
            let _ = waiting.answer.send(Answer::SessionEnded(end.clone()));
        }
    }

    /// What is under way; after the end of the session, what was.
    pub(in crate::module) fn under_way(&self) -> Vec<UnderWay> {
        let calls = self.calls.lock();
        if calls.closed.is_some() { calls.left.clone() } else { calls.under_way() }
    }

    /// The manager stood still for so long, which does not count.
    pub(super) fn forgive(&self, late: Duration) {
        let mut calls = self.calls.lock();
        let Calls { commands, remote, .. } = &mut *calls;
        let commands = commands.values_mut().map(|command| &mut command.asked);
        for asked in commands.chain(remote.values_mut().map(|remote| &mut remote.asked)) {
            asked.since += late;
        }
    }

    /// The span of a command under way.
    pub(in crate::module) fn span(&self, id: u64) -> Option<Span> {
        self.calls.lock().commands.get(&id).map(|command| command.span.clone())
    }

    /// Who runs this command; the callers of all commands under way, if none is named.
    pub(in crate::module) fn callers(&self, id: Option<u64>) -> Vec<Identity> {
        let calls = self.calls.lock();
        let named = |other: &u64| id.is_none_or(|id| id == *other);
        let commands = calls.commands.iter().filter(|(id, _)| named(id));
        commands.map(|(_, command)| command.caller.clone()).collect()
    }

    pub(in crate::module) fn len(&self) -> usize {
        let calls = self.calls.lock();
        calls.commands.len() + calls.remote.len()
    }
}

impl Asked {
    fn new(name: &str, request: &str) -> Self {
        Self { name: name.to_owned(), request: request.to_owned(), since: Instant::now() }
    }

    fn under_way(&self, work: fn(String) -> Work, caller: String) -> UnderWay {
        let (work, request) = (work(self.name.clone()), self.request.clone());
        UnderWay { work, caller, request, age: self.since.elapsed() }
    }
}

impl Command {
    fn fail(&self, error: ExecuteError) {
        // The client may have left.
        let _ = self.sender.send(CommandEvent::Done(error.into()));
    }
}

impl Calls {
    fn add(&mut self, share: &Caller, limits: &SessionLimits) -> Result<u64, Refused> {
        if let Some(end) = self.closed.clone() {
            return Err(Refused::Closed(end));
        }
        if self.commands.len() + self.remote.len() >= limits.in_flight {
            return Err(Refused::Full);
        }
        if self.taken(share) >= limits.caller_in_flight {
            reached(share, "limits.module.caller_in_flight");
            return Err(Refused::Share(share.clone()));
        }
        self.next_id += 1;
        Ok(self.next_id)
    }

    /// What is under way, oldest first.
    fn under_way(&self) -> Vec<UnderWay> {
        let commands = self.commands.values();
        let commands = commands.map(|c| c.asked.under_way(Work::Command, c.caller.to_string()));
        let calls = self.remote.values();
        let calls = calls.map(|c| c.asked.under_way(Work::RemoteCall, c.share.to_string()));
        let mut all: Vec<_> = commands.chain(calls).collect();
        all.sort_by_key(|work| std::cmp::Reverse(work.age));
        all
    }

    /// How many of them are of this caller.
    fn taken(&self, share: &Caller) -> usize {
        let commands = self.commands.values().filter(|command| command.share == *share).count();
        commands + self.remote.values().filter(|call| call.share == *share).count()
    }
}
