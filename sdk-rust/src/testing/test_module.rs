//! A module that runs in a test.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use mgrd_proto::v1;
use mgrd_proto::v1::attach_response::Message as ToModule;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::seen::Seen;
use super::state::{Inner, Run, State, set};
use crate::session::End;
use crate::{Outcome, RemoteError};

/// Longer than anything in a test takes. After it, the test fails.
const LONG: Duration = Duration::from_secs(30);

/// A module that runs in a test. Everything reaches it in order: a command sees the options and
/// documents that were set before it.
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
    /// not validated against the descriptor, which only the real host does. If the future is dropped,
    /// the command is cancelled, as when a client disconnects.
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
        let (waiter, ended) = oneshot::channel();
        let call_id = self.with(|inner| {
            let call_id = inner.call_id();
            inner.commands.insert(call_id, Run { stdout: Vec::new(), waiter });
            inner.send(ToModule::Command(v1::Command {
                call_id,
                prefix: prefix.to_owned(),
                args: args.to_string().into(),
                input: Bytes::copy_from_slice(input.unwrap_or_default()),
                has_input: input.is_some(),
                timeout_ms: 0,
            }));
            call_id
        });
        let _cancel = CancelCommand { module: self, call_id };
        ended.await.expect("the module answers before its session ends")
    }

    /// Calls a method as another module does, with a tuple or list of arguments.
    ///
    /// # Errors
    /// There is no such method, or it failed.
    ///
    /// # Panics
    /// The session ended, or the arguments do not serialise.
    pub async fn call(&self, method: &str, args: impl Serialize) -> Result<Value, RemoteError> {
        let args = serde_json::to_vec(&args).expect("arguments serialise").into();
        let (waiter, ended) = oneshot::channel();
        self.with(|inner| {
            let call_id = inner.call_id();
            inner.calls.insert(call_id, waiter);
            inner.send(ToModule::RemoteCall(v1::RemoteCall {
                call_id,
                caller: "test".to_owned(),
                method: method.to_owned(),
                args: Some(v1::Payload { data: args, encoding: String::new() }),
                ..Default::default()
            }));
        });
        ended.await.expect("the module answers before its session ends")
    }

    /// Sets an option, or removes its value, as an operator does.
    pub fn set_option<'a>(&self, key: &str, value: impl Into<Option<&'a str>>) {
        let value = value.into();
        self.state.seen.send_modify(|seen| set(&mut seen.options, key, value));
        self.with(|inner| {
            let options = vec![entry(inner, key, value)];
            inner.send(ToModule::OptionsChanged(v1::OptionsChanged { options }));
        });
    }

    /// Sets a key of the store, or removes it, from outside the module.
    pub fn set_store<'a>(&self, key: &str, value: impl Into<Option<&'a str>>) {
        let value = value.into();
        self.state.seen.send_modify(|seen| set(&mut seen.store, key, value));
        self.with(|inner| {
            let entries = vec![entry(inner, key, value)];
            inner.send(ToModule::StoreChanged(v1::StoreChanged { entries }));
        });
    }

    /// Changes a document, or removes it.
    pub fn set_document<'a>(&self, name: &str, value: impl Into<Option<&'a Value>>) {
        self.with(|inner| inner.put_document(name, value.into()));
    }

    /// Connects or disconnects the feed.
    pub fn set_connected(&self, connected: bool) {
        self.set_constants(|constants| constants.have_mon_connection = connected);
    }

    /// Changes the URI of the module on the active manager, for a standby.
    pub fn set_active_uri(&self, uri: &str) {
        self.set_constants(|constants| uri.clone_into(&mut constants.active_uri));
    }

    fn set_constants(&self, change: impl FnOnce(&mut v1::Constants)) {
        self.with(|inner| {
            change(&mut inner.constants);
            let constants = Some(inner.constants.clone());
            inner.send(ToModule::ConstantsChanged(v1::ConstantsChanged { constants }));
        });
    }

    /// Notifies the module.
    pub fn notify(&self, kind: &str, id: &Value) {
        let notification = v1::Notification { r#type: kind.to_owned(), id: id.to_string().into() };
        self.with(|inner| inner.send(ToModule::Notification(notification)));
    }

    /// Sends a ping. The answer is how long, in milliseconds, the oldest work has been under way, and
    /// its name.
    ///
    /// # Panics
    /// The session ended.
    pub async fn ping(&self) -> (u32, String) {
        let answer = self.with(|inner| {
            let (waiter, answer) = oneshot::channel();
            let seq = inner.call_id();
            inner.pongs.insert(seq, waiter);
            inner.send(ToModule::Ping(v1::Ping { seq }));
            answer
        });
        let pong = answer.await.expect("the module answers before its session ends");
        (pong.busy_ms, pong.busy_with)
    }

    /// What the module has done until now.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.state.seen.borrow().clone()
    }

    /// Waits until the condition holds, and gives what the module has done until then.
    ///
    /// # Panics
    /// The condition does not hold within 30 seconds. The message shows what the module has done.
    pub async fn wait_for(&self, mut condition: impl FnMut(&Seen) -> bool) -> Seen {
        let mut seen = self.state.seen.subscribe();
        let holds = seen.wait_for(|seen| condition(seen));
        match tokio::time::timeout(LONG, holds).await {
            Ok(Ok(seen)) => seen.clone(),
            _ => panic!("the condition does not hold; the module has done: {:#?}", self.seen()),
        }
    }

    /// The declaration in the module's hello.
    #[must_use]
    pub fn declaration(&self) -> v1::Declaration {
        self.with(|inner| inner.declaration.clone())
    }

    /// Asks the module to end and waits until it has.
    ///
    /// # Panics
    /// The module does not end in the normal way, or `serve` failed.
    pub async fn shutdown(self) {
        self.with(|inner| inner.send(ToModule::Shutdown(v1::Shutdown::default())));
        let end = self.session.await.expect("the session does not panic");
        assert!(matches!(end, End::Finished), "the module ended with {end:?}");
        let failure = self.state.seen.borrow().failure.clone();
        assert_eq!(failure, None, "serve of the module failed");
        self.server.abort();
    }

    fn with<T>(&self, work: impl FnOnce(&mut Inner) -> T) -> T {
        work(&mut self.state.inner.lock())
    }
}

fn entry(inner: &mut Inner, key: &str, value: Option<&str>) -> v1::Entry {
    let revision = inner.revise();
    v1::Entry { key: key.to_owned(), value: value.map(str::to_owned), revision }
}

/// Cancels a command.
struct CancelCommand<'a> {
    module: &'a TestModule,
    call_id: u64,
}

impl Drop for CancelCommand<'_> {
    fn drop(&mut self) {
        let call_id = self.call_id;
        self.module.with(|inner| {
            if inner.commands.remove(&call_id).is_some() {
                inner.send(ToModule::CancelCommand(v1::CancelCommand { call_id }));
            }
        });
    }
}
