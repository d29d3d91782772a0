//! A command that a module runs: it is sent, awaited and cancelled here.

use std::sync::Arc;
use std::time::Duration;

use mgrd_command::Outcome;
use tokio::time::{Instant, timeout_at};

use super::in_flight::{Events, Refused};
use super::message::{CommandCall, CommandEvent, ToModule};
use super::session::Session;
use crate::authority::Caller;
use crate::module::error::ExecuteError;
use crate::module::unavailable::Unavailable;

/// A command under way in a module. Dropping it cancels the command.
#[derive(Debug)]
pub struct CommandRun {
    session: Arc<Session>,
    prefix: String,
    timeout: Option<Duration>,
    /// Whether the time is the limit of the module, and not that of the client.
    by_limit: bool,
    deadline: Option<Instant>,
    events: Events,
}

impl CommandRun {
    /// Sends the command to the module.
    ///
    /// # Errors
    ///
    /// If too many calls are under way or wait for the module, or its session is over.
    pub(in crate::module) fn start(
        session: Arc<Session>,
        call: CommandCall,
    ) -> Result<Self, ExecuteError> {
        let limits = &session.limits();
        let module = || session.module.clone();
        let admitted = session.check_waiting(&Caller::from(&call.caller));
        let events = admitted.and_then(|()| session.in_flight.command(&call, limits));
        let events = events.map_err(|refused| match refused {
            Refused::Full => ExecuteError::Busy { module: module(), limit: limits.in_flight },
            Refused::Share(caller) => session.share_taken(caller).into(),
            Refused::Closed(end) => {
                let reason = Unavailable::SessionEnded(end);
                ExecuteError::Broken { module: module(), reason }
            }
        })?;
        let own = limits.command_deadline.map(Duration::from_millis);
        let by_limit = own.filter(|own| call.timeout.is_none_or(|timeout| *own < timeout));
        let timeout = by_limit.or(call.timeout);
        let deadline = timeout.map(|timeout| Instant::now() + timeout);
        let (prefix, by_limit) = (call.prefix.clone(), by_limit.is_some());
        session.outbox.push(ToModule::Command { id: events.id, call });
        Ok(Self { session, prefix, timeout, by_limit, deadline, events })
    }

    /// The next part of the output, or the end.
    pub async fn next(&mut self) -> CommandEvent {
        match self.deadline {
            None => self.events.next().await,
            Some(deadline) => {
                let event = timeout_at(deadline, self.events.next()).await;
                event.unwrap_or_else(|_| CommandEvent::Done(self.timed_out()))
            }
        }
    }

    /// Waits for the end; the output's parts come before its own. More of them than
    /// [`crate::module::SessionLimits::output_bytes`] is an error.
    pub async fn outcome(mut self) -> Outcome {
        let limit = self.session.limits().output_bytes;
        let mut output = Vec::new();
        loop {
            match self.next().await {
                CommandEvent::Output(part) if output.len() + part.len() > limit => {
                    return self.too_large(limit);
                }
                CommandEvent::Output(part) => output.extend_from_slice(&part),
                CommandEvent::Done(outcome) if output.is_empty() => return outcome,
                CommandEvent::Done(outcome) if output.len() + outcome.stdout.len() > limit => {
                    return self.too_large(limit);
                }
                CommandEvent::Done(outcome) => {
                    output.extend_from_slice(&outcome.stdout);
                    return Outcome { stdout: output.into(), ..outcome };
                }
            }
        }
    }

    fn too_large(&self, limit: usize) -> Outcome {
        ExecuteError::OutputTooLarge { prefix: self.prefix.clone(), limit }.into()
    }

    fn timed_out(&self) -> Outcome {
        let (module, prefix) = (self.session.module.clone(), self.prefix.clone());
        let timeout = self.timeout.unwrap_or_default();
        match self.by_limit {
            true => ExecuteError::Overdue { module, prefix, limit: timeout }.into(),
            false => ExecuteError::TimedOut { module, prefix, timeout }.into(),
        }
    }
}

impl Drop for CommandRun {
    fn drop(&mut self) {
        let (session, id) = (&self.session, self.events.id);
        if session.in_flight.forget(id) && !session.outbox.take_back(id) {
            session.outbox.push(ToModule::CancelCommand { id });
        }
    }
}
