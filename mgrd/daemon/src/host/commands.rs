//! The commands that modules send.

use std::time::Duration;

use mgrd_command::{Errno, Outcome};
use serde_json::Value;

use super::parts::Host;
use crate::feed::{ClusterCommand, ClusterCommandError};

impl Host {
    /// Runs a command that a module sends: `mgrd` runs those of its own table, and a feed runs the
    /// others.
    pub async fn send_command(
        &self,
        module: &str,
        command: ClusterCommand,
        timeout: Duration,
    ) -> Outcome {
        let ours = matches!(command.target_kind.as_str(), "" | "mon" | "mgr");
        let prefix = serde_json::from_slice::<Value>(&command.command).ok();
        let prefix = prefix.as_ref().and_then(|command| command["prefix"].as_str());
        let Some(prefix) = prefix else {
            let text = "the command is no JSON object with a text 'prefix'";
            return Outcome::error(Errno::EINVAL, text);
        };
        let router = &self.parts.router;
        if ours && router.table().owner(prefix).is_some() {
            let input = (!command.input.is_empty()).then_some(command.input);
            let caller = format!("module.{module}");
            return router.command(command.command, input, &caller, timeout).await;
        }
        match self.parts.feeds.run(command, timeout).await {
            Ok(outcome) => outcome,
            Err(ClusterCommandError::NoExecutor) if ours => {
                Outcome::error(Errno::EINVAL, format!("command not known: '{prefix}'"))
            }
            Err(error) => error.into(),
        }
    }
}
