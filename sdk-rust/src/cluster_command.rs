//! Commands that a module sends.

use std::time::Duration;

use bytes::Bytes;
use mgrd_proto::v1;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::{Errno, Host, HostError, Outcome};

/// Who should run a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the cluster")]
#[non_exhaustive]
pub enum Target<'a> {
    Mon,
    Osd(&'a str),
    Mds(&'a str),
    Pg(&'a str),
    /// `mgrd` itself and its modules.
    Mgr,
}

/// A command of the cluster, of `mgrd`, or of another module; made by [`Host::command`].
///
/// `mgrd` runs it itself, or passes it to a module or to a feed.
#[derive(Clone, Debug)]
#[must_use = "it is sent by `run`, `check` or `json`"]
pub struct ClusterCommand {
    host: Host,
    arguments: Map<String, Value>,
    request: v1::SendCommandRequest,
}

/// Why a command did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// The command ran and failed.
    #[error("'{command}' failed: {} ({})", outcome.stderr, Errno(outcome.retval.saturating_neg()))]
    Failed {
        /// The words of the command.
        command: String,
        /// How it ended.
        outcome: Outcome,
    },
    /// The command could not be sent, or its output is not of the expected shape.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl CommandError {
    /// The error number of the failure.
    #[must_use]
    pub fn errno(&self) -> Errno {
        match self {
            Self::Failed { outcome, .. } => Errno(outcome.retval.saturating_neg()),
            Self::Host(error) => error.errno(),
        }
    }
}

impl Host {
    /// A command of these words, such as `osd pool set`. It goes to a monitor, which is nearly always
    /// right; [`target`](ClusterCommand::target) sends it to another daemon.
    ///
    /// ```no_run
    /// # use mgrd_sdk::prelude::*;
    /// # async fn example(host: Host) -> Result<()> {
    /// host.command("osd pool set").arg("pool", "rbd").arg("var", "size").arg("val", "3").check().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn command(&self, words: &str) -> ClusterCommand {
        let request =
            v1::SendCommandRequest { target_type: "mon".to_owned(), ..Default::default() };
        let arguments = Map::from_iter([("prefix".to_owned(), Value::from(words))]);
        ClusterCommand { host: self.clone(), arguments, request }
    }
}

impl ClusterCommand {
    /// Adds an argument: a text, a number, a boolean or a list of them.
    pub fn arg(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }

    /// Sends the command to another kind of daemon than a monitor.
    pub fn target(mut self, target: Target<'_>) -> Self {
        let (kind, id) = match target {
            Target::Mon => ("mon", ""),
            Target::Osd(id) => ("osd", id),
            Target::Mds(id) => ("mds", id),
            Target::Pg(id) => ("pg", id),
            Target::Mgr => ("mgr", ""),
        };
        (self.request.target_type, self.request.target_id) = (kind.to_owned(), id.to_owned());
        self
    }

    /// Adds input data, as clients do with `-i FILE`.
    pub fn input(mut self, data: impl Into<Bytes>) -> Self {
        self.request.input = data.into();
        self
    }

    /// Ends the command after this time, with the outcome `ETIMEDOUT`. The default of the host is
    /// ten minutes.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.request.timeout_ms = crate::host::millis(limit);
        self
    }

    /// Adds a tag. When the command has ended, this module receives the notification `command` with
    /// that tag.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.request.tag = tag.into();
        self
    }

    /// Runs the command, and gives its outcome, which may be a failure.
    ///
    /// # Errors
    /// The host cannot be reached.
    pub async fn run(mut self) -> Result<Outcome, HostError> {
        self.request.command = Value::from(self.arguments).to_string().into();
        let answer = self.host.client().send_command(self.request).await?.into_inner();
        // The next read of this module must see what the command changed.
        self.host.inner.documents.mark_stale();
        Ok(answer.outcome.unwrap_or_default().into())
    }

    /// Runs the command, and expects success.
    ///
    /// # Errors
    /// It failed, or the host cannot be reached.
    pub async fn check(self) -> Result<Outcome, CommandError> {
        let words = self.words();
        let outcome = self.run().await?;
        if outcome.retval < 0 {
            return Err(CommandError::Failed { command: words, outcome });
        }
        Ok(outcome)
    }

    /// Runs the command with `format` set to `json`, expects success, and decodes the output.
    ///
    /// # Errors
    /// It failed, its output is not of this shape, or the host cannot be reached.
    pub async fn json<T: DeserializeOwned>(self) -> Result<T, CommandError> {
        let words = self.words();
        let outcome = self.arg("format", "json").check().await?;
        serde_json::from_slice(&outcome.stdout)
            .map_err(|e| HostError::shape(&format!("the output of '{words}'"), &e).into())
    }

    fn words(&self) -> String {
        self.arguments["prefix"].as_str().unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests;
