//! A command that its caller may run.

use mgrd_command::{CommandSpec, Matched};

use crate::authority::Identity;

/// A command that its caller may run. Only [`super::Router::permit`] makes one, so the router runs
/// no other command.
#[derive(Clone, Debug)]
pub struct PermittedCommand {
    pub(super) matched: Matched,
    pub(super) caller: Identity,
}

impl PermittedCommand {
    /// What its module declared.
    #[must_use]
    pub fn spec(&self) -> &CommandSpec {
        &self.matched.spec
    }
}
