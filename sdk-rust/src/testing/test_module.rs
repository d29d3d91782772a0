//! A module that runs in a test.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use mgrd_proto::v1;
use mgrd_proto::v1::attach_response::Message;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::state::{Inner, Run, State};
use crate::session::End;
use crate::{HealthCheck, Outcome};

/// A module that runs in a test. Everything said to it arrives in order: a command sees the options
/// and documents that were set before it.
pub struct TestModule {
    state: Arc<State>,
    session: JoinHandle<End>,
    server: JoinHandle<Result<(), tonic::transport::Error>>,
}

impl std::fmt::Debug for TestModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TestModule").finish_non_exhaustive()
    }
}

impl TestModule {
    pub(super) fn new(
        state: Arc<State>,
        session: JoinHandle<End>,
        server: JoinHandle<Result<(), tonic::transport::Error>>,
    ) -> Self {
        Self { state, session, server }
    }

    /// Runs a command with these arguments (a JSON object; `format` may be among them). They are
    /// not validated against the descriptor, which is the real host's work.
    ///
    /// # Panics
    /// The session ended.
    pub async fn command(&self, prefix: &str, args: Value) -> Outcome {
        self.command_with_input(prefix, args, None).await
    }

    /// Like [`command`](Self::command), with input data.
    ///
    /// # Panics
    /// The session ended.
    pub async fn command_with_input(
        &self,
        prefix: &str,
        args: Value,
        input: Option<&[u8]>,
    ) -> Outcome {
        let ended = self.with(|inner| {
            let (waiter, ended) = oneshot::channel();
            let call_id = inner.call_id();
            inner.commands.insert(call_id, Run { stdout: Vec::new(), waiter });
            inner.tell(Message::Command(v1::Command {
                call_id,
                prefix: prefix.to_owned(),
                args: args.to_string().into(),
                input: Bytes::copy_from_slice(input.unwrap_or_default()),
                has_input: input.is_some(),
                timeout_ms: 0,
            }));
            ended
        });
        ended.await.expect("the module answers before its session ends")
    }

    /// Calls a method as another module does.
    ///
    /// # Errors
    /// The text of the method's error.
    ///
    /// # Panics
    /// The session ended.
    pub async fn call(&self, method: &str, args: Value) -> Result<Value, String> {
        let ended = self.with(|inner| {
            let (waiter, ended) = oneshot::channel();
            let call_id = inner.call_id();
            inner.calls.insert(call_id, waiter);
            let args = v1::Payload { data: args.to_string().into(), encoding: String::new() };
            inner.tell(Message::RemoteCall(v1::RemoteCall {
                call_id,
                caller: "test".to_owned(),
                method: method.to_owned(),
                args: Some(args),
                ..Default::default()
            }));
            ended
        });
        ended.await.expect("the module answers before its session ends")
    }

    /// Sets an option, as an operator does.
    pub fn set_option(&self, key: &str, value: &str) {
        self.with(|inner| {
            inner.options.insert(key.to_owned(), value.to_owned());
            let revision = inner.revise();
            let (key, value) = (key.to_owned(), Some(value.to_owned()));
            let options = vec![v1::Entry { key, value, revision }];
            inner.tell(Message::OptionsChanged(v1::OptionsChanged { options }));
        });
    }

    /// Changes a document.
    pub fn set_document(&self, name: &str, value: &Value) {
        self.with(|inner| inner.put_document(name, value));
    }

    /// Notifies the module.
    pub fn notify(&self, kind: &str, id: &Value) {
        let notification = v1::Notification { r#type: kind.to_owned(), id: id.to_string().into() };
        self.with(|inner| inner.tell(Message::Notification(notification)));
    }

    /// Asks whether it is there: how long, in milliseconds, its oldest work has been under way, and
    /// what that is.
    ///
    /// # Panics
    /// The session ended.
    pub async fn ping(&self) -> (u32, String) {
        let answer = self.with(|inner| {
            let (waiter, answer) = oneshot::channel();
            let seq = inner.call_id();
            inner.pongs.insert(seq, waiter);
            inner.tell(Message::Ping(v1::Ping { seq }));
            answer
        });
        let pong = answer.await.expect("the module answers before its session ends");
        (pong.busy_ms, pong.busy_with)
    }

    /// Waits until the module's health checks are as they should be.
    ///
    /// # Panics
    /// Never: the host outlives this.
    pub async fn wait_for_health(
        &self,
        good: impl FnMut(&Vec<HealthCheck>) -> bool,
    ) -> Vec<HealthCheck> {
        let mut health = self.state.health.subscribe();
        let checks = health.wait_for(good).await.expect("the host holds the sender");
        checks.clone()
    }

    /// Waits until the module published where it serves.
    ///
    /// # Panics
    /// Never: the host outlives this.
    pub async fn wait_for_uri(&self) -> String {
        let mut uri = self.state.uri.subscribe();
        let uri = uri.wait_for(|uri| !uri.is_empty()).await.expect("the host holds the sender");
        uri.clone()
    }

    /// Waits until `serve` ended with an error, and gives its text.
    ///
    /// # Panics
    /// Never: the host outlives this.
    pub async fn wait_for_failure(&self) -> String {
        let mut failed = self.state.failed.subscribe();
        let failed = failed.wait_for(Option::is_some).await.expect("the host holds the sender");
        failed.clone().unwrap_or_default()
    }

    /// The module's store as the host has it.
    #[must_use]
    pub fn store(&self) -> BTreeMap<String, String> {
        self.with(|inner| inner.store.clone())
    }

    /// What the module wrote into the cluster log.
    #[must_use]
    pub fn cluster_log(&self) -> Vec<String> {
        self.with(|inner| inner.cluster_log.clone())
    }

    /// What the module declared in its hello.
    #[must_use]
    pub fn declaration(&self) -> v1::Declaration {
        self.with(|inner| inner.declaration.clone())
    }

    /// Asks the module to end and waits until it has.
    ///
    /// # Panics
    /// It does not end as it should, or `serve` failed.
    pub async fn shutdown(self) {
        self.with(|inner| inner.tell(Message::Shutdown(v1::Shutdown::default())));
        let end = self.session.await.expect("the session does not panic");
        assert!(matches!(end, End::Finished), "the module ended with {end:?}");
        let failed = self.state.failed.borrow().clone();
        assert_eq!(failed, None, "the module's main work failed");
        self.server.abort();
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.state.inner.lock())
    }
}
