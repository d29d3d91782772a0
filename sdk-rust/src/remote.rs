//! Calls of other modules' methods.

use std::time::Duration;

use mgrd_proto::v1::{CallModuleRequest, Payload};
use serde::Serialize;
use serde_json::{Value, json};
use tonic::{Code, Status};

use crate::host_error::HostErrorKind;
use crate::{Errno, Host, HostError};

/// Why a call of another module's method failed. The message says more.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// The module is not enabled or not running.
    #[error("{0}")]
    NoModule(String),
    /// It has no such method.
    #[error("{0}")]
    NoMethod(String),
    /// The method failed.
    #[error("{0}")]
    Raised(String),
    /// It took too long.
    #[error("{0}")]
    TimedOut(String),
    /// The module ended meanwhile.
    #[error("{0}")]
    Died(String),
    /// Modules that wait for each other, deeper than the limit.
    #[error("{0}")]
    Cycle(String),
    /// This module may not call that one.
    #[error("{0}")]
    Denied(String),
    /// The arguments cannot be sent, the answer not be read, or the host not be reached.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl RemoteError {
    /// The number nearest to it.
    #[must_use]
    pub fn errno(&self) -> Errno {
        match self {
            Self::NoModule(_) => Errno::ENOENT,
            Self::NoMethod(_) => Errno::EOPNOTSUPP,
            Self::Raised(_) => Errno::EINVAL,
            Self::TimedOut(_) => Errno::ETIMEDOUT,
            Self::Died(_) => Errno::ENOTCONN,
            Self::Cycle(_) => Errno::EAGAIN,
            Self::Denied(_) => Errno::EACCES,
            Self::Host(error) => error.errno(),
        }
    }
}

impl From<Status> for RemoteError {
    fn from(status: Status) -> Self {
        let message = status.message().to_owned();
        match status.code() {
            Code::NotFound => Self::NoModule(message),
            Code::Unimplemented => Self::NoMethod(message),
            Code::Unknown => Self::Raised(message),
            Code::DeadlineExceeded => Self::TimedOut(message),
            Code::Unavailable => Self::Died(message),
            Code::Aborted => Self::Cycle(message),
            Code::PermissionDenied => Self::Denied(message),
            _ => Self::Host(status.into()),
        }
    }
}

tokio::task_local! {
    /// The modules that wait for the remote call that this task answers.
    pub(crate) static CHAIN: Vec<String>;
}

impl Host {
    /// Calls a method of another module with positional arguments (a tuple, a list), with the
    /// host's default time limit.
    ///
    /// # Errors
    /// See [`RemoteError`].
    pub async fn remote(
        &self,
        module: &str,
        method: &str,
        args: impl Serialize,
    ) -> Result<Value, RemoteError> {
        self.remote_with(module, method, args, json!({}), Duration::ZERO).await
    }

    /// Like [`remote`](Self::remote), with named arguments (a struct, a map) and a time limit of
    /// its own; zero means the host's default.
    ///
    /// # Errors
    /// See [`RemoteError`].
    pub async fn remote_with(
        &self,
        module: &str,
        method: &str,
        args: impl Serialize,
        kwargs: impl Serialize,
        timeout: Duration,
    ) -> Result<Value, RemoteError> {
        let request = CallModuleRequest {
            module: module.to_owned(),
            method: method.to_owned(),
            args: Some(payload(&args, Value::is_array, "a list of arguments")?),
            kwargs: Some(payload(&kwargs, Value::is_object, "a map of arguments")?),
            timeout_ms: u32::try_from(timeout.as_millis()).unwrap_or(u32::MAX),
            chain: CHAIN.try_with(Clone::clone).unwrap_or_default(),
        };
        let answer = self.client().call_module(request).await?.into_inner();
        let value = answer.value.unwrap_or_default();
        decoded(&value, "the answer").map_err(Into::into)
    }
}

fn payload(
    value: &impl Serialize,
    fits: fn(&Value) -> bool,
    what: &str,
) -> Result<Payload, HostError> {
    let value = match serde_json::to_value(value) {
        // No arguments.
        Ok(Value::Null) => return Ok(Payload::default()),
        Ok(value) if fits(&value) => value,
        Ok(value) => {
            return Err(HostError::new(HostErrorKind::Shape, format!("{value} is not {what}")));
        }
        Err(e) => return Err(HostError::shape(what, &e)),
    };
    Ok(Payload { data: value.to_string().into(), encoding: String::new() })
}

/// Reads a JSON payload; an empty one is null.
pub(crate) fn decoded<T: serde::de::DeserializeOwned>(
    payload: &Payload,
    what: &str,
) -> Result<T, HostError> {
    if !payload.encoding.is_empty() {
        let message =
            format!("{what} is encoded as '{}'; only JSON is understood", payload.encoding);
        return Err(HostError::new(HostErrorKind::Shape, message));
    }
    let text: &[u8] = if payload.data.is_empty() { b"null" } else { &payload.data };
    serde_json::from_slice(text).map_err(|e| HostError::shape(what, &e))
}
