//! Who takes a share of what many use.

use std::fmt;

use super::identity::Identity;

/// A caller, as far as shares go: a module, or a process of a user. The runs of one module are one
/// caller.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Caller(String);

impl Caller {
    /// The module of this name.
    #[must_use]
    pub fn module(name: &str) -> Self {
        Self(format!("module '{name}'"))
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
