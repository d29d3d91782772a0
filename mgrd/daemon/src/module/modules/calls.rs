//! Commands and remote calls to modules.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::time::timeout;
use tracing::Instrument;

use super::Modules;
use crate::authority::Identity;
use crate::module::error::{CallError, ExecuteError};
use crate::module::life::{Availability, Module};
use crate::module::session::{CommandCall, CommandRun, Payload, RemoteCall};
use crate::module::unavailable::Unavailable;

impl Modules {
    /// Runs a command in its module. Waits for a module that is starting.
    ///
    /// # Errors
    ///
    /// If the module does not run, or has too much to do.
    pub async fn execute(
        &self,
        module: &str,
        mut call: CommandCall,
    ) -> Result<CommandRun, ExecuteError> {
        let prefix = call.prefix.clone();
        let not_enabled =
            || ExecuteError::NotEnabled { module: module.into(), prefix: prefix.clone() };
        let broken = |reason| ExecuteError::Broken { module: module.into(), reason };
        let found = self.shared.module(module).ok_or_else(not_enabled)?;
        let asked = Instant::now();
        let limit = call.timeout.unwrap_or(self.shared.limits.life.start_timeout);
        let session = match self.settled(&found, limit).await {
            Availability::Up { session, fault } => match fault {
                Some(fault) if !call.self_test => return Err(broken(found.down(fault))),
                _ => session,
            },
            Availability::Disabled => return Err(not_enabled()),
            Availability::Coming => return Err(broken(found.coming())),
            Availability::NotAttached => {
                return Err(broken(Unavailable::NotAttached { module: module.into() }));
            }
            Availability::Down(reason) => return Err(broken(found.down(reason))),
        };
        call.timeout = call.timeout.map(|limit| limit.saturating_sub(asked.elapsed()));
        CommandRun::start(session, call)
    }

    /// Calls a method of another module on behalf of `call.caller`. Dropping the future gives up.
    ///
    /// # Errors
    ///
    /// If the module does not run, or the method does not return a value.
    pub async fn call(&self, module: &str, call: RemoteCall) -> Result<Payload, CallError> {
        let (caller, method) = (&call.caller, &call.method);
        let span = tracing::info_span!("remote_call", module, method, caller);
        let waits = self.session(&call.caller);
        let _waits = waits.as_ref().map(|caller| caller.waits.begin(module, call.method.clone()));
        self.make_call(module, call).instrument(span).await
    }

    async fn make_call(&self, module: &str, mut call: RemoteCall) -> Result<Payload, CallError> {
        let limits = &self.shared.limits;
        call.chain.push(call.caller.clone());
        if call.chain.len() > limits.session.call_depth {
            return Err(CallError::TooDeep { chain: call.chain, limit: limits.session.call_depth });
        }
        if call.timeout.is_zero() {
            call.timeout = limits.session.call_timeout;
        }
        let not_running = |reason| CallError::NotRunning { module: module.into(), reason };
        let found =
            self.shared.module(module).ok_or_else(|| not_running(Unavailable::NoSuchModule))?;
        let asked = Instant::now();
        match self.settled(&found, call.timeout).await {
            Availability::Up { session, .. } => {
                call.timeout = call.timeout.saturating_sub(asked.elapsed());
                session.call(call).await
            }
            Availability::Disabled => {
                Err(not_running(Unavailable::Disabled { module: module.into() }))
            }
            Availability::Coming => Err(not_running(found.coming())),
            Availability::NotAttached => {
                Err(not_running(Unavailable::NotAttached { module: module.into() }))
            }
            Availability::Down(reason) => Err(not_running(found.down(reason))),
        }
    }

    /// The encodings that a module takes, in addition to JSON.
    #[must_use]
    pub fn encodings(&self, module: &str) -> Vec<String> {
        self.session(module).map(|session| session.encodings()).unwrap_or_default()
    }

    /// Who runs this command of the module; the callers of all commands that it runs now, if none
    /// is named.
    #[must_use]
    pub fn callers(&self, module: &str, command: Option<u64>) -> Vec<Identity> {
        self.session(module).map(|session| session.callers(command)).unwrap_or_default()
    }

    /// Waits until it is known whether the module can be asked, but no longer than `limit`.
    pub(super) async fn settled(&self, module: &Arc<Module>, limit: Duration) -> Availability {
        let mut availability = module.availability();
        let settled = |now: &Availability| !matches!(now, Availability::Coming);
        match timeout(limit, availability.wait_for(settled)).await {
            Ok(Ok(now)) => now.clone(),
            _ => Availability::Coming,
        }
    }
}
