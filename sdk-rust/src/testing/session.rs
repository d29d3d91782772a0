//! The host's side of a session in a test.

use std::sync::Arc;
use std::time::Duration;

use mgrd_proto::v1::attach_request::Message as FromModule;
use mgrd_proto::v1::attach_response::Message as ToModule;
use mgrd_proto::v1::{self, remote_result};
use serde_json::Value;
use tonic::Streaming;

use super::state::{Inner, State, entries};
use crate::RemoteError;
use crate::remote::decoded;

pub(super) async fn listen(state: Arc<State>, mut messages: Streaming<v1::AttachRequest>) {
    while let Ok(Some(v1::AttachRequest { message: Some(message) })) = messages.message().await {
        handle(&state, message);
    }
    // The module ended its side, so the host ends its own.
    state.inner.lock().to_module = None;
}

fn handle(state: &State, message: FromModule) {
    let mut inner = state.inner.lock();
    match message {
        FromModule::Hello(hello) => {
            inner.declaration = hello.declaration.unwrap_or_default();
            inner.send(ToModule::Welcome(welcome(state, &inner, hello.features)));
            for part in snapshot(state) {
                inner.send(ToModule::Snapshot(part));
            }
        }
        FromModule::Ready(_) => {
            state.ready.send_replace(true);
        }
        FromModule::CommandOutput(part) => {
            if let Some(run) = inner.commands.get_mut(&part.call_id) {
                run.stdout.extend_from_slice(&part.stdout);
            }
        }
        FromModule::CommandResult(result) => {
            if let Some(mut run) = inner.commands.remove(&result.call_id) {
                let mut outcome: crate::Outcome = result.outcome.unwrap_or_default().into();
                run.stdout.extend_from_slice(&outcome.stdout);
                outcome.stdout = run.stdout.into();
                // It fails if the test no longer waits.
                let _ = run.waiter.send(outcome);
            }
        }
        FromModule::RemoteResult(result) => {
            if let Some(waiter) = inner.calls.remove(&result.call_id) {
                let _ = waiter.send(returned(result.result));
            }
        }
        FromModule::Pong(pong) => {
            if let Some(waiter) = inner.pongs.remove(&pong.seq) {
                let _ = waiter.send(pong);
            }
        }
        FromModule::WatchDocuments(watch) => {
            let version = |name: &String| inner.documents.get(name).map_or(0, |d| d.version);
            let documents = watch
                .names
                .iter()
                .map(|name| v1::DocumentVersion { name: name.clone(), version: version(name) })
                .collect();
            inner.send(ToModule::DocumentChanged(v1::DocumentChanged { documents }));
        }
        FromModule::Failed(failed) => {
            state.seen.send_modify(|seen| seen.failure = Some(failed.message));
        }
        FromModule::Log(record) => state.seen.send_modify(|seen| seen.log.push(record.into())),
        FromModule::ExtendStart(extend) => {
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

/// In two parts, as the real host does it: the options, then the store.
fn snapshot(state: &State) -> [v1::Snapshot; 2] {
    let seen = state.seen.borrow();
    [
        v1::Snapshot { options: entries(&seen.options), ..v1::Snapshot::default() },
        v1::Snapshot { store: entries(&seen.store), last: true, ..v1::Snapshot::default() },
    ]
}

fn returned(result: Option<remote_result::Result>) -> Result<Value, RemoteError> {
    match result {
        Some(remote_result::Result::Value(value)) => Ok(decoded(&value, "the answer")?),
        Some(remote_result::Result::Error(error)) => Err(match error.kind() {
            v1::RemoteErrorKind::NoMethod => RemoteError::NoMethod(error.message),
            _ => RemoteError::Raised(error.message),
        }),
        None => Err(RemoteError::Raised("the answer is empty".to_owned())),
    }
}
