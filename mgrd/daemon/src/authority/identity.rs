//! Who makes a call.

use std::fmt;

use super::run_identity::{RunIdentity, SecretError};
use crate::managers::Role;

/// Who makes a call, as far as it is proven. What a caller says about itself is not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Identity {
    /// A process of a user that does not belong to a module. The kernel says so.
    LocalUser {
        /// Its user.
        uid: u32,
        /// The process.
        pid: i32,
    },
    /// A process of a module, which showed the secret of its run.
    Module {
        /// The module and its run.
        run: RunIdentity,
        /// The role of the manager that runs it.
        role: Role,
    },
    /// A process that has not proven what it is.
    Unknown {
        /// Its user.
        uid: u32,
        /// The process.
        pid: i32,
        /// What is missing.
        why: Unproven,
    },
}

/// Why a caller is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unproven {
    /// It belongs to a module and showed no secret.
    NoSecret,
    /// It showed a secret that is not its own, or not valid any more.
    BadSecret(SecretError),
}

impl Identity {
    /// Its name as Ceph's logs have it. Local clients are administrators.
    #[must_use]
    pub fn entity(&self) -> String {
        match self {
            Self::LocalUser { .. } => "client.admin".to_owned(),
            Self::Module { run, .. } => format!("module.{}", run.module),
            Self::Unknown { .. } => "unknown".to_owned(),
        }
    }
}

#[cfg(test)]
impl Default for Identity {
    /// An administrator.
    fn default() -> Self {
        Self::LocalUser { uid: 0, pid: 1 }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LocalUser { uid, pid } => write!(f, "user.{uid} (process {pid})"),
            Self::Module { run, .. } => write!(f, "module.{}", run.module),
            Self::Unknown { uid, pid, .. } => write!(f, "unknown (process {pid} of user {uid})"),
        }
    }
}
