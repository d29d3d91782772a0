//! The commands that modules send.

use std::time::Duration;

use mgrd_command::{Errno, Outcome};
use serde_json::Value;

use super::parts::Host;
use crate::authority::{Caller, Identity};
use crate::feed::{ClusterCommand, ClusterCommandError};
use crate::router::EXAMPLE;

impl Host {
    /// Runs a command that a module sends: `mgrd` runs those of its own table, and a feed runs the
    /// others.
    pub async fn send_command(
        &self,
        caller: &Identity,
        command: ClusterCommand,
        timeout: Duration,
        request: String,
    ) -> Outcome {
        let ours = matches!(command.target_kind.as_str(), "" | "mon" | "mgr");
        let parsed = serde_json::from_slice::<Value>(&command.command).ok();
        let prefix = parsed.as_ref().and_then(|command| command["prefix"].as_str());
        let Some(prefix) = prefix else {
            let text = format!("the command is not a JSON object with a text 'prefix'; {EXAMPLE}");
            return Outcome::error(Errno::EINVAL, text);
        };
        let router = &self.parts.router;
        if ours && router.table().owner(prefix).is_some() {
            let input = (!command.input.is_empty()).then_some(command.input);
            return router.command(command.command, input, caller, timeout, request).await;
        }
        if let Err(denied) = router.permit_cluster_command(caller, prefix) {
            return denied.into();
        }
        match self.parts.feeds.run(Caller::from(caller), command, timeout).await {
            Ok(outcome) => outcome,
            Err(ClusterCommandError::NoExecutor) if ours => {
                Outcome::error(Errno::EINVAL, format!("command not known: '{prefix}'"))
            }
            Err(error) => error.into(),
        }
    }
}
