//! Answers calls of other modules and commands with the stand-ins of the test.

use mgrd_proto::v1;
use serde_json::Value;
use tonic::Status;

use super::state::Cluster;
use crate::remote::decoded;
use crate::{Errno, Outcome, RemoteError};

/// Calls the stand-in for a method.
pub(super) fn call(
    cluster: &Cluster,
    request: v1::CallModuleRequest,
) -> Result<v1::Payload, Status> {
    let v1::CallModuleRequest { module, method, args, kwargs, .. } = request;
    let Some(stand_in) = cluster.methods.get(&(module.clone(), method.clone())) else {
        return Err(match cluster.methods.keys().any(|(known, _)| *known == module) {
            true => Status::unimplemented(format!("module '{module}' has no '{method}'")),
            false => Status::not_found(format!("the test host has no module '{module}'")),
        });
    };
    let arguments = decoded(&args.or(kwargs).unwrap_or_default(), "the list of arguments");
    let arguments = arguments.map_err(|e| Status::invalid_argument(e.to_string()))?;
    let value = stand_in(arguments).map_err(status)?;
    Ok(v1::Payload { data: value.to_string().into(), encoding: String::new() })
}

/// Runs the stand-in for a command; gives the command, decoded, and its outcome.
pub(super) fn run(
    cluster: &Cluster,
    request: &v1::SendCommandRequest,
) -> Result<(Value, Outcome), Status> {
    let command: Value = serde_json::from_slice(&request.command)
        .map_err(|e| Status::invalid_argument(e.to_string()))?;
    let prefix = command["prefix"].as_str().unwrap_or_default();
    let outcome = match cluster.commands.get(prefix) {
        Some(stand_in) => stand_in(&command),
        None => {
            Outcome::default().status(format!("command not known: '{prefix}'")).errno(Errno::EINVAL)
        }
    };
    Ok((command, outcome))
}

/// An error as the real host returns it.
fn status(error: RemoteError) -> Status {
    match error {
        RemoteError::NoModule(text) => Status::not_found(text),
        RemoteError::NoMethod(text) => Status::unimplemented(text),
        RemoteError::TimedOut(text) => Status::deadline_exceeded(text),
        RemoteError::Died(text) => Status::unavailable(text),
        RemoteError::Cycle(text) => Status::aborted(text),
        RemoteError::Denied(text) => Status::permission_denied(text),
        RemoteError::Raised(text) => Status::unknown(text),
        RemoteError::Host(error) => Status::internal(error.to_string()),
    }
}
