//! What waits to be sent to one module: ordered, coalesced and bounded.
//!
//! Changes of documents and constants are kept by name, newest only, and leave before anything else
//! that waits, so that no message is ever older than the state it speaks of.
//! Notifications with the same type and id are one. Those whose id is an object (`clog`) are not
//! the same as any other. When too many wait, the oldest goes and is counted.

use std::collections::{HashSet, VecDeque};

use bytes::Bytes;
use indexmap::IndexMap;
use parking_lot::Mutex;
use tokio::sync::Notify;

use super::limits::SessionLimits;
use super::message::ToModule;
use crate::authority::Caller;

/// The outbox of one session.
#[derive(Debug)]
pub(in crate::module) struct Outbox {
    state: Mutex<State>,
    arrived: Notify,
    max_notifications: usize,
    max_notification_bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    documents: IndexMap<String, u64>,
    constants: bool,
    queue: VecDeque<ToModule>,
    notifications: usize,
    notification_bytes: usize,
    coalesced: HashSet<(String, Bytes)>,
    dropped: u64,
    bytes: usize,
    closed: bool,
}

impl Outbox {
    pub(in crate::module) fn new(limits: &SessionLimits) -> Self {
        Self {
            state: Mutex::default(),
            arrived: Notify::new(),
            max_notifications: limits.notifications,
            max_notification_bytes: limits.notification_bytes,
        }
    }

    /// The next message; none when the session is over.
    pub(in crate::module) async fn next(&self) -> Option<ToModule> {
        loop {
            {
                let mut state = self.state.lock();
                if state.closed {
                    return None;
                }
                if let Some(message) = state.pop() {
                    return Some(message);
                }
            }
            self.arrived.notified().await;
        }
    }

    /// Queues a message that is neither coalesced nor dropped; its sender bounds their number.
    pub(in crate::module) fn push(&self, message: ToModule) {
        self.change(|state| {
            state.bytes += size(&message);
            state.queue.push_back(message);
        });
    }

    /// Queues the request to end before everything else.
    pub(in crate::module) fn push_first(&self, message: ToModule) {
        self.change(|state| state.queue.push_front(message));
    }

    /// Queues a notification; returns how many were dropped so far if this one made one drop.
    pub(in crate::module) fn notify(&self, kind: &str, id: Bytes) -> Option<u64> {
        let mut dropped = None;
        self.change(|state| {
            let same_as_others = !id.starts_with(b"{");
            if same_as_others && !state.coalesced.insert((kind.to_owned(), id.clone())) {
                return;
            }
            state.notifications += 1;
            state.notification_bytes += kind.len() + id.len();
            state.queue.push_back(ToModule::Notification { kind: kind.to_owned(), id });
            while state.notifications > self.max_notifications
                || (state.notification_bytes > self.max_notification_bytes
                    && state.notifications > 1)
            {
                state.drop_oldest_notification();
                dropped = Some(state.dropped);
            }
        });
        dropped
    }

    pub(in crate::module) fn document_changed(&self, name: &str, version: u64) {
        self.change(|state| {
            state.documents.insert(name.to_owned(), version);
        });
    }

    pub(in crate::module) fn constants_changed(&self) {
        self.change(|state| state.constants = true);
    }

    /// Takes back a command or call that was not sent yet; false if it was.
    pub(in crate::module) fn take_back(&self, call_id: u64) -> bool {
        let mut state = self.state.lock();
        let Some(at) = state.queue.iter().position(|message| call(message) == Some(call_id)) else {
            return false;
        };
        if let Some(message) = state.queue.remove(at) {
            state.bytes = state.bytes.saturating_sub(size(&message));
        }
        true
    }

    /// Ends `next`; what waits is forgotten.
    pub(in crate::module) fn close(&self) {
        self.change(|state| *state = State { closed: true, ..State::default() });
    }

    /// How many messages wait.
    pub(in crate::module) fn len(&self) -> usize {
        let state = self.state.lock();
        state.queue.len() + state.documents.len()
    }

    /// The size of the commands and calls that wait.
    pub(in crate::module) fn bytes(&self) -> usize {
        self.state.lock().bytes
    }

    /// The size of those of one caller.
    pub(in crate::module) fn bytes_of(&self, caller: &Caller) -> usize {
        let state = self.state.lock();
        let own = state.queue.iter().filter(|message| sender(message).as_ref() == Some(caller));
        own.map(size).sum()
    }

    fn change(&self, how: impl FnOnce(&mut State)) {
        let mut state = self.state.lock();
        if !state.closed {
            how(&mut state);
        }
        drop(state);
        self.arrived.notify_one();
    }
}

impl State {
    fn pop(&mut self) -> Option<ToModule> {
        if !self.documents.is_empty() {
            let documents = std::mem::take(&mut self.documents);
            return Some(ToModule::DocumentChanged(documents.into_iter().collect()));
        }
        if std::mem::take(&mut self.constants) {
            return Some(ToModule::ConstantsChanged);
        }
        let message = self.queue.pop_front()?;
        self.bytes = self.bytes.saturating_sub(size(&message));
        self.forget(&message);
        Some(message)
    }

    fn drop_oldest_notification(&mut self) {
        let is_notification = |m: &ToModule| matches!(m, ToModule::Notification { .. });
        let Some(oldest) = self.queue.iter().position(is_notification) else { return };
        if let Some(message) = self.queue.remove(oldest) {
            self.forget(&message);
            self.dropped += 1;
        }
    }

    /// Updates what is known of the waiting notifications: this one waits no more.
    fn forget(&mut self, message: &ToModule) {
        if let ToModule::Notification { kind, id } = message {
            self.notifications -= 1;
            self.notification_bytes -= kind.len() + id.len();
            self.coalesced.remove(&(kind.clone(), id.clone()));
        }
    }
}

fn call(message: &ToModule) -> Option<u64> {
    match message {
        ToModule::Command { id, .. } | ToModule::RemoteCall { id, .. } => Some(*id),
        _ => None,
    }
}

/// Who sends a command or remote call.
fn sender(message: &ToModule) -> Option<Caller> {
    match message {
        ToModule::Command { call, .. } => Some(Caller::from(&call.caller)),
        ToModule::RemoteCall { call, .. } => Some(Caller::module(&call.caller)),
        _ => None,
    }
}

fn size(message: &ToModule) -> usize {
    match message {
        ToModule::Command { call, .. } => {
            call.args.len() + call.input.as_ref().map_or(0, Bytes::len)
        }
        ToModule::RemoteCall { call, .. } => call.args.data.len() + call.kwargs.data.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
