//! Calls of methods of other modules.

use std::time::Duration;

use mgrd_proto::v1::{CallModuleRequest, Payload};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tonic::{Code, Status};

use crate::host_error::HostErrorKind;
use crate::{Errno, Host, HostError};

/// Why a call of another module's method failed. The message gives the details.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// The module is not enabled or not running.
    #[error("{0}")]
    NoModule(String),
    /// The module has no such method.
    #[error("{0}")]
    NoMethod(String),
    /// The method failed.
    #[error("{0}")]
    Raised(String),
    /// The method took too long.
    #[error("{0}")]
    TimedOut(String),
    /// The module ended during the call.
    #[error("{0}")]
    Died(String),
    /// Modules wait for each other, in a chain longer than the limit.
    #[error("{0}")]
    Cycle(String),
    /// This module may not call that one.
    #[error("{0}")]
    Denied(String),
    /// The arguments cannot be sent, the answer cannot be read, or the host cannot be reached.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl RemoteError {
    /// The error number that fits best.
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

/// Another module whose methods can be called; made by [`Host::remote`]. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Remote {
    host: Host,
    module: String,
    timeout: Duration,
}

impl Host {
    /// Another module. It need not run yet.
    ///
    /// ```no_run
    /// # use mgrd_sdk::prelude::*;
    /// # async fn example(host: Host) -> Result<()> {
    /// let greeting: String = host.remote("hello").call("greeting_for", ("Ada",)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn remote(&self, module: impl Into<String>) -> Remote {
        Remote { host: self.clone(), module: module.into(), timeout: Duration::ZERO }
    }
}

impl Remote {
    /// Sets a time limit for each call, instead of the default of the host. The called method is
    /// cancelled at the limit.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = limit;
        self
    }

    /// Calls a method. A tuple or a list gives the arguments by position, a struct or a map gives
    /// them by name, and `()` gives none.
    ///
    /// # Errors
    /// See [`RemoteError`].
    pub async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        arguments: impl Serialize,
    ) -> Result<T, RemoteError> {
        let (args, kwargs) = payloads(&arguments)?;
        let request = CallModuleRequest {
            module: self.module.clone(),
            method: method.to_owned(),
            args,
            kwargs,
            timeout_ms: crate::host::millis(self.timeout),
            chain: CHAIN.try_with(Clone::clone).unwrap_or_default(),
        };
        let answer = self.host.client().call_module(request).await?.into_inner();
        let value = answer.value.unwrap_or_default();
        decoded(&value, &format!("the answer of {}.{method}", self.module)).map_err(Into::into)
    }
}

/// Arguments by position, and by name.
fn payloads(arguments: &impl Serialize) -> Result<(Option<Payload>, Option<Payload>), HostError> {
    let json = |value: Value| Payload { data: value.to_string().into(), encoding: String::new() };
    match serde_json::to_value(arguments) {
        Ok(Value::Null) => Ok((None, None)),
        Ok(list @ Value::Array(_)) => Ok((Some(json(list)), None)),
        Ok(map @ Value::Object(_)) => Ok((None, Some(json(map)))),
        Ok(other) => {
            let message = format!("{other} is not a list of arguments; give a tuple such as (x,)");
            Err(HostError::new(HostErrorKind::Shape, message))
        }
        Err(e) => Err(HostError::shape("the list of arguments", &e)),
    }
}

/// Reads a JSON payload; an empty one is null.
pub(crate) fn decoded<T: DeserializeOwned>(payload: &Payload, what: &str) -> Result<T, HostError> {
    if !payload.encoding.is_empty() {
        let message =
            format!("{what} is encoded as '{}'; only JSON is supported", payload.encoding);
        return Err(HostError::new(HostErrorKind::Shape, message));
    }
    let text: &[u8] = if payload.data.is_empty() { b"null" } else { &payload.data };
    serde_json::from_slice(text).map_err(|e| HostError::shape(what, &e))
}

#[cfg(test)]
mod tests;
