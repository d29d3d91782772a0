//! The session of a module as `rpc` uses it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use super::declaration::Declaration;
use super::life::{Input, Shared, close_after_exit};
use super::session::{FromModule, Session, ToModule};
use crate::authority::{Purpose, RunIdentity};

/// The session of a module as `rpc` uses it: it takes messages to send, and delivers those that
/// arrived. Dropping it ends the session.
pub struct Attached {
    pub(super) shared: Arc<Shared>,
    pub(super) session: Arc<Session>,
    pub(super) run: RunIdentity,
}

impl Attached {
    /// The module.
    #[must_use]
    pub fn module(&self) -> &str {
        &self.run.module
    }

    /// What it offers.
    #[must_use]
    pub fn declaration(&self) -> &Declaration {
        &self.session.hello.declaration
    }

    /// The features that both sides know.
    #[must_use]
    pub fn features(&self) -> &BTreeSet<String> {
        &self.session.hello.features
    }

    /// What its process was started for. After the hello of one that describes itself, the
    /// session is over.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.run.purpose
    }

    /// The next message to send; none when the session is over. Safe to cancel.
    pub async fn next(&self) -> Option<ToModule> {
        self.session.outbox.next().await
    }

    /// Delivers a message that arrived. Waits only if the supervisor is busy.
    pub async fn deliver(&self, message: FromModule) {
        let message = match message {
            FromModule::Log(ref record) if !self.session.admits_record(record, Instant::now()) => {
                return;
            }
            message => message.bounded(&self.shared.limits.session),
        };
        let input = match self.session.deliver(message) {
            None => return,
            Some(FromModule::Ready) => Input::Ready,
            Some(FromModule::ExtendStart(by)) => Input::ExtendStart(by),
            Some(FromModule::Failed { message, traceback }) => {
                let text = if traceback.is_empty() { &message } else { traceback.trim_end() };
                tracing::error!(
                    module = self.module(),
                    "the main work of the module ended with an error: {text}"
                );
                Input::WorkFailed(message)
            }
            Some(_) => return,
        };
        self.report(input).await;
    }

    /// A message of so many bytes that arrived, or what to deliver instead if it is longer than the module
    /// may send. There is no message if the module sent something unknown.
    #[must_use]
    pub fn within(&self, bytes: usize, message: Option<FromModule>) -> Option<FromModule> {
        match self.session.check_message(bytes) {
            Ok(()) => message,
            Err(error) => self.session.refuse(message, &error),
        }
    }

    /// A part of a snapshot is about to be sent, so that the module has taken those before it. The
    /// transfer does not count as the time that a module takes to start.
    pub async fn snapshot_part(&self, last: bool) {
        if last {
            self.session.welcomed();
        }
        self.report(Input::SnapshotPart).await;
    }

    /// Tells the module the version of one document that it watches.
    pub fn announce_document(&self, name: &str, version: u64) {
        self.session.announce_document(name, version);
    }

    /// How many documents it may watch.
    #[must_use]
    pub fn watchable(&self) -> usize {
        self.shared.limits.session.watched_documents
    }

    /// Counters changed. Returns whether that must be sent to the module, because it has read counters
    /// since the last change.
    #[must_use]
    pub fn counters_changed(&self) -> bool {
        self.session.counters_changed()
    }

    pub(super) async fn report(&self, input: Input) {
        self.shared.report(&self.run.module, self.run.id, input).await;
    }
}

impl Drop for Attached {
    /// Calls under way end after a short wait, so that their errors can name the exit of the process.
    fn drop(&mut self) {
        self.session.detach();
        close_after_exit(Arc::clone(&self.shared), Arc::clone(&self.session), self.run.id);
    }
}
