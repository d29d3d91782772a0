//! Finds out who answers a command and whether its caller may run it, and runs it.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use mgrd_command::{BUILTIN_MODULE, CommandTable, Errno, MatchError, Matched, Outcome};
use parking_lot::{Mutex, RwLock};
use serde_json::{Map, Value};
use tracing::{Instrument, debug, info_span};

use super::audited::audited;
use super::builtins::Builtins;
use super::invocation::{EXAMPLE, Invocation, PermittedCommand, Wanted};
use super::running::{Answer, Running};
use super::table;
use crate::authority::{Action, Audit, Denied, Identity};
use crate::builtin::Request;
use crate::metered::inherited;
use crate::module::{Declared, Modules};
use crate::text::line;
use crate::working_on::{self, Work, noted};

/// How much of the words of a command that is not in the table is logged.
const PREFIX_BYTES: usize = 200;
/// How many modules that cannot run are named to a caller of an unknown command.
const MISSING_MODULES: usize = 3;

struct Inner {
    builtins: Builtins,
    modules: Modules,
    audit: Audit,
    table: RwLock<Arc<CommandTable>>,
    /// The warnings about commands that are left out, so that each is logged once.
    warned: Mutex<HashSet<String>>,
}

/// The router. Cloning shares it.
#[derive(Clone)]
pub struct Router(Arc<Inner>);

impl Router {
    /// A router for these built-ins and modules.
    #[must_use]
    pub fn new(builtins: Builtins, modules: Modules) -> Self {
        let (table, _) = table::build(&builtins, &[]);
        let (table, warned) = (RwLock::new(Arc::new(table)), Mutex::default());
        let audit = Audit::default();
        Self(Arc::new(Inner { builtins, modules, audit, table, warned }))
    }

    /// Registers the commands that modules declare now.
    pub fn declare(&self, modules: &[Declared]) {
        let mut table = self.0.table.write();
        let known = table.version();
        let (fresh, conflicts) = table::build(&self.0.builtins, modules);
        *table = Arc::new(fresh.succeeding(known));
        let flaws = modules.iter().flat_map(|module| {
            let others = conflicts.get(&module.module).into_iter().flatten();
            let flaws = module.commands.left_out().iter().chain(others);
            flaws.map(|flaw| flaw.of_module(&module.module))
        });
        let flaws: HashSet<String> = flaws.collect();
        let mut warned = self.0.warned.lock();
        for flaw in flaws.difference(&warned) {
            tracing::warn!("{flaw}");
        }
        *warned = flaws;
        self.0.modules.set_conflicts(conflicts);
    }

    /// The command table as it is now.
    #[must_use]
    pub fn table(&self) -> Arc<CommandTable> {
        self.0.table.read().clone()
    }

    /// Finds the command that a caller means, and decides whether it may run that.
    ///
    /// # Errors
    ///
    /// The outcome for the caller: EINVAL with the diagnosis, or why it may not.
    pub fn permit(&self, caller: &Identity, wanted: &Wanted) -> Result<PermittedCommand, Outcome> {
        let matched = self.resolve(wanted)?;
        let (prefix, perm) = (matched.spec.prefix(), Some(matched.spec.perm));
        let text = &if matched.spec.perm.is_write() { audited(&matched) } else { prefix.clone() };
        self.0.audit.decide(caller, Action::Command { prefix: &prefix, text, perm })?;
        Ok(PermittedCommand { matched, caller: caller.clone() })
    }

    /// Decides whether a caller may have the cluster run a command that is not in the table.
    ///
    /// # Errors
    ///
    /// Why it may not.
    pub fn permit_cluster_command(&self, caller: &Identity, prefix: &str) -> Result<(), Denied> {
        let prefix = &line(prefix, PREFIX_BYTES);
        self.0.audit.decide(caller, Action::Command { prefix, text: prefix, perm: None })
    }

    /// The command that a caller means.
    fn resolve(&self, wanted: &Wanted) -> Result<Matched, Outcome> {
        match wanted {
            Wanted::Words(words) => self.table().bind(words).map_err(|error| {
                let unknown = matches!(error, MatchError::Unknown { .. });
                let missing = if unknown { self.missing(words.first()) } else { String::new() };
                let status = format!("{error}\n{missing}{}", MatchError::STATUS);
                Outcome::error(Errno::EINVAL, status)
            }),
            Wanted::Json(json) => {
                let command: Map<String, Value> = serde_json::from_slice(json).map_err(|why| {
                    let text = format!("the command is not a JSON object: {why}; {EXAMPLE}");
                    Outcome::error(Errno::EINVAL, text)
                })?;
                Ok(self.table().validate(&command)?)
            }
        }
    }

    /// Which modules may offer a command that is not known, as lines: those that cannot run. If the
    /// first word is the name of one, only that one.
    fn missing(&self, first: Option<&String>) -> String {
        let mut modules = self.0.modules.without_commands();
        if modules.iter().any(|(module, _)| Some(module) == first) {
            modules.retain(|(module, _)| Some(module) == first);
        }
        let line = |(module, reason): &(String, _)| {
            format!(
                "the commands of module '{module}' are not known, because it cannot run: {reason}\n"
            )
        };
        modules.iter().take(MISSING_MODULES).map(line).collect()
    }

    /// Starts a command. Dropping the result cancels the command.
    pub async fn run(&self, invocation: Invocation) -> Running {
        let PermittedCommand { matched, caller } = &invocation.command;
        let (spec, caller) = (matched.spec.clone(), caller.entity());
        let span = info_span!("command", command = spec.prefix(), module = spec.module, caller);
        let start = async {
            debug!("started");
            if spec.module == BUILTIN_MODULE {
                return Answer::Outcome(Some(self.answer(invocation).await));
            }
            match self.0.modules.execute(&spec.module, invocation.call()).await {
                Ok(run) => Answer::Module(run),
                Err(error) => Answer::Outcome(Some(error.into())),
            }
        };
        let answer = start.instrument(span.clone()).await;
        Running::new(answer, span)
    }

    /// Runs a command that came as JSON to its end: what modules send with `SendCommand`.
    pub async fn command(
        &self,
        json: Bytes,
        input: Option<Bytes>,
        caller: &Identity,
        timeout: Duration,
        request: String,
    ) -> Outcome {
        let command = match self.permit(caller, &Wanted::Json(json)) {
            Ok(command) => command,
            Err(outcome) => return outcome,
        };
        let work = Work::Command { prefix: command.spec().prefix(), request: request.clone() };
        let format = command.matched.args.get("format").and_then(Value::as_str);
        let invocation = Invocation {
            format: format.unwrap_or_default().to_owned(),
            command,
            input,
            width: 0,
            print_header: false,
            timeout: Some(timeout),
            request,
        };
        let run = async { self.run(invocation).await.outcome().await };
        noted(run, work).await
    }

    async fn answer(&self, invocation: Invocation) -> Outcome {
        let PermittedCommand { matched, caller } = invocation.command;
        let prefix = matched.spec.prefix();
        let Some(handler) = self.0.builtins.get(&prefix) else {
            return Outcome::error(Errno::EINVAL, format!("No handler found for '{prefix}'"));
        };
        let format = match invocation.format.parse() {
            Ok(format) => format,
            Err(why) => return Outcome::error(Errno::EINVAL, format!("{why}")),
        };
        let request = Request {
            args: matched.args,
            format,
            input: invocation.input.unwrap_or_default(),
            caller,
            now: Timestamp::now(),
        };
        // It runs to its end even if the client leaves, because half a change is worse than either.
        let handler = Arc::clone(handler);
        let answer = working_on::inherited(async move { handler(&request).await });
        let answer = tokio::spawn(inherited(answer).in_current_span());
        let answer = async {
            answer.await.unwrap_or_else(|why| {
                Outcome::error(
                    Errno::EIO,
                    format!("'{prefix}' stopped with an error: {why}; mgrd keeps running"),
                )
            })
        };
        let Some(limit) = invocation.timeout else { return answer.await };
        tokio::time::timeout(limit, answer).await.unwrap_or_else(|_| {
            let limit = limit.as_secs_f64();
            let text = format!("'{prefix}' gave no answer within {limit:.1} s; it still runs");
            Outcome::error(Errno::ETIMEDOUT, text)
        })
    }
}

#[cfg(test)]
mod tests;
