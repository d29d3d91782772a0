//! A call of a method of this module by another module.

use tokio::time::timeout;

use super::in_flight::{Answer, Refused};
use super::message::{MethodError, Payload, RemoteCall, ToModule};
use super::session::Session;
use super::session_end::SessionEnd;
use crate::authority::Caller;
use crate::module::error::CallError;
use crate::module::unavailable::Unavailable;

impl Session {
    /// Makes a remote call. Dropping the future gives it up.
    pub(in crate::module) async fn call(&self, call: RemoteCall) -> Result<Payload, CallError> {
        let module = || self.module.clone();
        let method = call.method.clone();
        for encoding in [&call.args.encoding, &call.kwargs.encoding] {
            if !encoding.is_empty() && !self.encodings().contains(encoding) {
                let encoding = encoding.clone();
                return Err(CallError::Encoding { module: module(), encoding });
            }
        }
        let methods = &self.hello.declaration.methods;
        if !methods.is_empty() && !methods.contains(&method) {
            return Err(CallError::NoMethod { module: module(), method });
        }
        let limits = &self.limits();
        let admitted = self.check_waiting(&Caller::module(&call.caller));
        let added = admitted.and_then(|()| self.in_flight.remote(&call, limits));
        let (id, answer) = added.map_err(|refused| match refused {
            Refused::Full => CallError::Busy { module: module(), limit: limits.in_flight },
            Refused::Share(caller) => self.share_taken(caller).into(),
            Refused::Closed(end) => {
                let reason = Unavailable::SessionEnded(end);
                CallError::NotRunning { module: module(), reason }
            }
        })?;
        let limit = call.timeout;
        let _forget = ForgetCall { session: self, id };
        self.outbox.push(ToModule::RemoteCall { id, call });
        match timeout(limit, answer).await {
            Ok(Ok(Answer::Returned(Ok(value)))) => Ok(value),
            Ok(Ok(Answer::Returned(Err(MethodError::NoMethod(_))))) => {
                Err(CallError::NoMethod { module: module(), method })
            }
            Ok(Ok(Answer::Returned(Err(MethodError::Raised(text))))) => {
                Err(CallError::Raised(text))
            }
            Ok(Ok(Answer::SessionEnded(end))) => {
                Err(CallError::Died { module: module(), method, end })
            }
            Ok(Err(_)) => {
                Err(CallError::Died { module: module(), method, end: SessionEnd::Closed })
            }
            Err(_) => Err(CallError::TimedOut { module: module(), method, timeout: limit }),
        }
    }
}

/// Forgets a remote call that its caller gave up.
struct ForgetCall<'a> {
    session: &'a Session,
    id: u64,
}

impl Drop for ForgetCall<'_> {
    fn drop(&mut self) {
        if self.session.in_flight.forget(self.id) {
            self.session.outbox.take_back(self.id);
        }
    }
}
