//! Answers the messages of the host.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message as ToHost;
use mgrd_proto::v1::attach_response::Message as FromHost;
use mgrd_proto::v1::remote_result;
use parking_lot::Mutex;
use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::busy::Busy;
use crate::call::Call;
use crate::command::Command;
use crate::host::CALL;
use crate::method::{Method, MethodCall};
use crate::remote::{CHAIN, decoded};
use crate::task::{guarded, spawn};
use crate::{Errno, Error, Host, Module, Notification, Outcome, Result};

/// Answers the messages of the host.
pub(crate) struct Incoming<M> {
    host: Host,
    /// `None` until the module has started.
    module: watch::Receiver<Option<Arc<M>>>,
    commands: HashMap<&'static str, Command<M>>,
    methods: HashMap<&'static str, Method<M>>,
    running: Arc<Mutex<HashMap<u64, AbortHandle>>>,
    busy: Busy,
}

impl<M: Module> Incoming<M> {
    pub(crate) fn new(host: Host, module: watch::Receiver<Option<Arc<M>>>) -> Self {
        Self {
            host,
            module,
            commands: M::commands().into_iter().map(|c| (c.words, c)).collect(),
            methods: M::methods().into_iter().map(|m| (m.name, m)).collect(),
            running: Arc::default(),
            busy: Busy::default(),
        }
    }

    /// Handles one message. It waits until the host reads answers, and never for the module.
    pub(crate) async fn handle(&mut self, message: Option<FromHost>) {
        let inner = &self.host.inner;
        match message {
            Some(FromHost::Command(command)) => self.command(command),
            Some(FromHost::CancelCommand(cancel)) => {
                if let Some(run) = self.running.lock().remove(&cancel.call_id) {
                    run.abort();
                }
            }
            Some(FromHost::RemoteCall(call)) => self.remote_call(call),
            Some(FromHost::Notification(news)) => {
                let bytes = news.r#type.len() + news.id.len();
                let id = serde_json::from_slice(&news.id).unwrap_or_else(|_| Value::from(""));
                inner.notifications.publish(&Notification { kind: news.r#type, id }, bytes);
            }
            Some(FromHost::OptionsChanged(changed)) => self.host.apply_options(changed.options),
            Some(FromHost::StoreChanged(changed)) => inner.store.apply(changed.entries),
            Some(FromHost::Snapshot(part)) => drop(self.host.take_part(part)),
            Some(FromHost::DocumentChanged(changed)) => inner.documents.changed(changed.documents),
            Some(FromHost::ConstantsChanged(changed)) => {
                self.host.set_constants(changed.constants.unwrap_or_default());
            }
            Some(FromHost::Ping(ping)) => {
                let (busy_ms, busy_with) = self.busy.oldest();
                let pong = v1::Pong { seq: ping.seq, busy_ms, busy_with };
                inner.outbox.send(ToHost::Pong(pong)).await;
            }
            // A newer host may send messages that this SDK does not know.
            Some(FromHost::Welcome(_) | FromHost::CountersChanged(_) | FromHost::Shutdown(_))
            | None => {}
        }
    }

    fn command(&self, command: v1::Command) {
        let (call_id, prefix) = (command.call_id, command.prefix.clone());
        let working = self.busy.begin(format!("command '{prefix}'"));
        let run = self.commands.get(&*prefix).map(|command| command.run);
        let (module, outbox) = (self.module.clone(), self.host.inner.outbox.clone());
        let running = self.running.clone();
        let task = async move {
            let result = match (run, ready(&module)) {
                (Some(run), Ok(module)) => match Call::new(command, outbox.clone()) {
                    Ok(call) => guarded(CALL.scope(call_id, run(module, call))).await,
                    Err(error) => Err(error),
                },
                (Some(_), Err(error)) => Err(error),
                (None, _) => Err(Error::not_found(format!("there is no command '{prefix}'"))),
            };
            let outcome = result.unwrap_or_else(|error| Outcome {
                retval: -error.errno().0,
                stderr: error.message().to_owned(),
                ..Outcome::default()
            });
            running.lock().remove(&call_id);
            drop(working);
            let result = v1::CommandResult { call_id, outcome: Some(outcome.into()) };
            outbox.send(ToHost::CommandResult(result)).await;
        };
        // The lock is held until the task is in the map, because the task may end at once.
        let mut running = self.running.lock();
        running.insert(call_id, spawn(task).abort_handle());
    }

    fn remote_call(&self, call: v1::RemoteCall) {
        let working = self.busy.begin(format!("remote call '{}'", call.method));
        let run = self.methods.get(&*call.method).map(|method| method.run);
        let (module, outbox) = (self.module.clone(), self.host.inner.outbox.clone());
        let task = async move {
            let result = match run {
                Some(run) => match ready(&module).and_then(|m| Ok(run(m, arguments(&call)?))) {
                    Ok(running) => {
                        let running = guarded(CHAIN.scope(call.chain, running));
                        // After the time limit, the caller no longer waits for an answer.
                        let Ok(result) = timeout(limit(call.timeout_ms), running).await else {
                            return;
                        };
                        result
                    }
                    Err(error) => Err(error),
                }
                .map_err(|error| (v1::RemoteErrorKind::Raised, error.message().to_owned())),
                None => Err((
                    v1::RemoteErrorKind::NoMethod,
                    format!("there is no method '{}'", call.method),
                )),
            };
            drop(working);
            let result = match result {
                Ok(value) => remote_result::Result::Value(v1::Payload {
                    data: value.to_string().into(),
                    encoding: String::new(),
                }),
                Err((kind, message)) => {
                    remote_result::Result::Error(v1::RemoteError { kind: kind.into(), message })
                }
            };
            let result = v1::RemoteResult { call_id: call.call_id, result: Some(result) };
            outbox.send(ToHost::RemoteResult(result)).await;
        };
        spawn(task);
    }
}

/// A time limit of the contract, where 0 means none.
fn limit(millis: u32) -> Duration {
    if millis == 0 { Duration::MAX } else { Duration::from_millis(millis.into()) }
}

fn ready<M>(module: &watch::Receiver<Option<Arc<M>>>) -> Result<Arc<M>> {
    let module = module.borrow().clone();
    module.ok_or_else(|| Error::new(Errno::EAGAIN, "the module is starting; try again"))
}

fn arguments(call: &v1::RemoteCall) -> Result<MethodCall> {
    let empty = v1::Payload::default();
    let args = call.args.as_ref().unwrap_or(&empty);
    let kwargs = call.kwargs.as_ref().unwrap_or(&empty);
    let positional: Option<Vec<Value>> = decoded(args, "the list of arguments")?;
    let named: Option<Map<String, Value>> = decoded(kwargs, "the map of arguments")?;
    Ok(MethodCall::new(positional.unwrap_or_default(), named.unwrap_or_default()))
}
