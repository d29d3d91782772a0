//! Who takes a share of the calls that one module works on.

use std::fmt;

use super::message::ToModule;
use crate::authority::Identity;

/// A caller, as far as shares go: a module, or a process of a user. The runs of one module are one
/// caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller(String);

impl Caller {
    /// The module of this name.
    #[must_use]
    pub fn module(name: &str) -> Self {
        Self(format!("module '{name}'"))
    }

    /// The caller of a command or remote call that waits.
    pub(super) fn of(message: &ToModule) -> Option<Self> {
        match message {
            ToModule::Command { call, .. } => Some(Self::from(&call.caller)),
            ToModule::RemoteCall { call, .. } => Some(Self::module(&call.caller)),
            _ => None,
        }
    }
}

impl From<&Identity> for Caller {
    fn from(identity: &Identity) -> Self {
        match identity {
            Identity::Module { run, .. } => Self::module(&run.module),
            Identity::LocalUser { uid, pid } | Identity::Unknown { uid, pid, .. } => {
                Self(format!("process {pid} of user {uid}"))
            }
        }
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
