//! What the client of a running command may have a module do.

use std::collections::BTreeMap;

use super::parts::Host;
use crate::authority::{Action, permit};

impl Host {
    /// Whether the client of a command that the module runs may have it use these arguments. With no
    /// command named, the client of any command that it runs now is enough.
    #[must_use]
    pub fn is_authorized(
        &self,
        module: &str,
        command: Option<u64>,
        arguments: &BTreeMap<String, String>,
    ) -> bool {
        let action = Action::UseArguments { module, arguments };
        let clients = self.parts.modules.callers(module, command);
        clients.iter().any(|client| permit(client, action).is_ok())
    }
}
