//! The session of a test, from the host's side.

use std::sync::Arc;
use std::time::Duration;

use mgrd_proto::v1::attach_request::Message as Said;
use mgrd_proto::v1::attach_response::Message;
use mgrd_proto::v1::{self, remote_result};
use serde_json::Value;
use tonic::Streaming;

use super::state::{Inner, State, entries};
use crate::remote::decoded;

pub(super) async fn listen(state: Arc<State>, mut said: Streaming<v1::AttachRequest>) {
    while let Ok(Some(v1::AttachRequest { message: Some(message) })) = said.message().await {
        hear(&state, message);
    }
    // The module ended its side; so does the host.
    state.inner.lock().to_module = None;
}

fn hear(state: &State, message: Said) {
    let mut inner = state.inner.lock();
    match message {
        Said::Hello(hello) => {
            inner.declaration = hello.declaration.unwrap_or_default();
            inner.tell(Message::Welcome(welcome(state, &inner, hello.features)));
            for part in snapshot(state) {
                inner.tell(Message::Snapshot(part));
            }
        }
        Said::Ready(_) => {
            state.ready.send_replace(true);
        }
        Said::CommandOutput(part) => {
            if let Some(run) = inner.commands.get_mut(&part.call_id) {
                run.stdout.extend_from_slice(&part.stdout);
            }
        }
        Said::CommandResult(result) => {
            if let Some(mut run) = inner.commands.remove(&result.call_id) {
                let mut outcome: crate::Outcome = result.outcome.unwrap_or_default().into();
                run.stdout.extend_from_slice(&outcome.stdout);
                outcome.stdout = run.stdout.into();
                // A test that no longer waits has no use for it.
                let _ = run.waiter.send(outcome);
            }
        }
        Said::RemoteResult(result) => {
            if let Some(waiter) = inner.calls.remove(&result.call_id) {
                let _ = waiter.send(returned(result.result));
            }
        }
        Said::Pong(pong) => {
            if let Some(waiter) = inner.pongs.remove(&pong.seq) {
                let _ = waiter.send(pong);
            }
        }
        Said::WatchDocuments(watch) => {
            let version = |name: &String| inner.documents.get(name).map_or(0, |d| d.version);
            let documents = watch
                .names
                .iter()
                .map(|name| v1::DocumentVersion { name: name.clone(), version: version(name) })
                .collect();
            inner.tell(Message::DocumentChanged(v1::DocumentChanged { documents }));
        }
        Said::Failed(failed) => {
            state.seen.send_modify(|seen| seen.failure = Some(failed.message));
        }
        Said::Log(record) => state.seen.send_modify(|seen| seen.log.push(record.into())),
        Said::ExtendStart(extend) => {
            let by = Duration::from_millis(extend.millis.into());
            state.seen.send_modify(|seen| seen.start_extended += by);
        }
    }
}

fn welcome(state: &State, inner: &Inner, features: Vec<String>) -> v1::Welcome {
    let role = if state.cluster.is_standby { v1::Role::Standby } else { v1::Role::Active };
    v1::Welcome {
        protocol_version: 1,
        features,
        purpose: v1::Purpose::Run.into(),
        role: role.into(),
        module: inner.module.clone(),
        constants: Some(inner.constants.clone()),
        ..v1::Welcome::default()
    }
}

/// As the real host does: first the options, then the store, in parts.
fn snapshot(state: &State) -> [v1::Snapshot; 2] {
    let seen = state.seen.borrow();
    [
        v1::Snapshot { options: entries(&seen.options), ..v1::Snapshot::default() },
        v1::Snapshot { store: entries(&seen.store), last: true, ..v1::Snapshot::default() },
    ]
}

fn returned(result: Option<remote_result::Result>) -> Result<Value, String> {
    match result {
        Some(remote_result::Result::Value(value)) => {
            decoded(&value, "the answer").map_err(|e| e.to_string())
        }
        Some(remote_result::Result::Error(error)) => Err(error.message),
        None => Err("the answer is empty".to_owned()),
    }
}
