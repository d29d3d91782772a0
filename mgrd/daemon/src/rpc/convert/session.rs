//! The messages of a session.

use std::time::Duration;

use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message as From;
use mgrd_proto::v1::attach_response::Message as To;

use super::basic::{millis, outcome};
use super::module::{constants, log_record, payload, payload_message};
use crate::host::Constants;
use crate::module::{CommandEvent, FromModule, MethodError, Payload, ToModule};

/// A message of a module. There is none for a second hello, and for the documents that it watches,
/// which `rpc` answers itself.
pub(in crate::rpc) fn from_module(message: From) -> Option<FromModule> {
    Some(match message {
        From::Hello(_) => return None,
        From::WatchDocuments(watch) => FromModule::WatchDocuments(watch.names),
        From::Log(record) => FromModule::Log(log_record(record)),
        From::Ready(_) => FromModule::Ready,
        From::CommandOutput(part) => {
            FromModule::Command { id: part.call_id, event: CommandEvent::Output(part.stdout) }
        }
        From::CommandResult(result) => FromModule::Command {
            id: result.call_id,
            event: CommandEvent::Done(outcome(result.outcome)),
        },
        From::RemoteResult(result) => {
            FromModule::RemoteResult { id: result.call_id, result: returned(result.result) }
        }
        From::Pong(pong) => FromModule::Pong {
            seq: pong.seq,
            busy: Duration::from_millis(pong.busy_ms.into()),
            busy_with: pong.busy_with,
        },
        From::Failed(failed) => {
            FromModule::Failed { message: failed.message, traceback: failed.traceback }
        }
        From::ExtendStart(extend) => {
            FromModule::ExtendStart(Duration::from_millis(extend.millis.into()))
        }
    })
}

fn returned(result: Option<v1::remote_result::Result>) -> Result<Payload, MethodError> {
    match result {
        Some(v1::remote_result::Result::Value(value)) => Ok(payload(Some(value))),
        Some(v1::remote_result::Result::Error(error)) => Err(match error.kind() {
            v1::RemoteErrorKind::NoMethod => MethodError::NoMethod(error.message),
            _ => MethodError::Raised(error.message),
        }),
        None => Err(MethodError::Raised("the answer holds neither a value nor an error".into())),
    }
}

/// A message to a module. The constants are read only if it has them.
pub(in crate::rpc) fn to_module(
    message: ToModule,
    current_constants: impl FnOnce() -> Constants,
) -> To {
    match message {
        ToModule::Command { id, call } => To::Command(v1::Command {
            call_id: id,
            prefix: call.prefix,
            args: call.args,
            has_input: call.input.is_some(),
            input: call.input.unwrap_or_default(),
            timeout_ms: call.timeout.map_or(0, millis),
        }),
        ToModule::CancelCommand { id } => To::CancelCommand(v1::CancelCommand { call_id: id }),
        ToModule::RemoteCall { id, call } => To::RemoteCall(v1::RemoteCall {
            call_id: id,
            caller: call.caller,
            method: call.method,
            args: Some(payload_message(call.args)),
            kwargs: Some(payload_message(call.kwargs)),
            timeout_ms: millis(call.timeout),
            chain: call.chain,
            encodings: call.encodings,
        }),
        ToModule::Notification { kind, id } => {
            To::Notification(v1::Notification { r#type: kind, id })
        }
        ToModule::DocumentChanged(changes) => {
            let version = |(name, version)| v1::DocumentVersion { name, version };
            let documents = changes.into_iter().map(version).collect();
            To::DocumentChanged(v1::DocumentChanged { documents })
        }
        ToModule::ConstantsChanged => {
            let constants = Some(constants(current_constants()));
            To::ConstantsChanged(v1::ConstantsChanged { constants })
        }
        ToModule::Ping { seq } => To::Ping(v1::Ping { seq }),
        ToModule::Shutdown { grace } => To::Shutdown(v1::Shutdown { grace_ms: millis(grace) }),
    }
}
