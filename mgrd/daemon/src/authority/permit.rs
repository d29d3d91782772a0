//! The one place that decides who may do what.

use mgrd_command::{CommandError, Errno};
use nix::unistd::Uid;

use super::action::Action;
use super::call::{Audience, Call};
use super::identity::{Identity, Unproven};
use super::run_identity::{Purpose, SecretError};
use crate::managers::Role;

/// Why a caller may not do what it asks for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The call needs a secret and has none.
    #[error("the call has no metadata 'mgrd-secret'; send what the file in MGRD_SECRET_FILE holds")]
    NoSecret,
    /// The secret proves nothing.
    #[error(transparent)]
    BadSecret(SecretError),
    /// Another user's process wants to be a client.
    #[error("only the user that runs mgrd may use this service")]
    OtherUser,
    /// A module's process wants to be a client.
    #[error("module processes may not use this service; use the calls of the module host")]
    ModuleProcess,
    /// The module was started for its description.
    #[error(
        "module '{module}' was started only to say what it offers; make this call when the purpose in \
         the welcome is PURPOSE_RUN"
    )]
    OnlyDescribes {
        /// The module.
        module: String,
    },
    /// A module wants to change what the operator allows it.
    #[error(
        "module '{module}' may not see or set limits; an operator does that with 'mgrctl mgr module limit'"
    )]
    OnlyOperators {
        /// The module.
        module: String,
    },
    /// A standby's module wants more than a standby has.
    #[error(
        "this manager is a standby: here module '{module}' can read its options and its store and ask \
         where its active half serves; leave everything else to the active half"
    )]
    OnStandby {
        /// The module.
        module: String,
    },
}

impl CommandError for Denied {
    fn errno(&self) -> Errno {
        match self {
            Self::NoSecret
            | Self::BadSecret(_)
            | Self::OtherUser
            | Self::ModuleProcess
            | Self::OnlyDescribes { .. }
            | Self::OnlyOperators { .. } => Errno::EACCES,
            Self::OnStandby { .. } => Errno::EROFS,
        }
    }
}

/// Whether this user may be a client: root, and the user that runs `mgrd`.
#[must_use]
pub fn is_own_user(uid: u32) -> bool {
    [Uid::from_raw(0), Uid::effective()].contains(&Uid::from_raw(uid))
}

/// Decides whether `identity` may do `action`.
///
/// # Errors
///
/// Why it may not.
pub fn permit(identity: &Identity, action: Action<'_>) -> Result<(), Denied> {
    match (identity, action.audience()) {
        (Identity::Unknown { why: Unproven::BadSecret(why), .. }, _) => {
            Err(Denied::BadSecret(why.clone()))
        }
        (Identity::Unknown { .. } | Identity::Module { .. }, Audience::Clients) => {
            Err(Denied::ModuleProcess)
        }
        (Identity::Unknown { .. }, _) | (Identity::LocalUser { .. }, Audience::Modules) => {
            Err(Denied::NoSecret)
        }
        (Identity::LocalUser { uid, .. }, _) if is_own_user(*uid) => Ok(()),
        (Identity::LocalUser { .. }, _) => Err(Denied::OtherUser),
        (Identity::Module { .. }, Audience::Everyone) => Ok(()),
        (Identity::Module { run, role }, Audience::Modules | Audience::ClientsAndModules) => {
            let module = || run.module.clone();
            match (run.purpose, role, action) {
                (_, _, Action::Call(Call::Attach)) => Ok(()),
                (_, _, Action::Command { prefix: "mgr module limit", .. }) => {
                    Err(Denied::OnlyOperators { module: module() })
                }
                (Purpose::Describe, _, _) => Err(Denied::OnlyDescribes { module: module() }),
                (Purpose::Run, Role::Active, _) | (_, _, Action::Call(Call::ReadOptions)) => Ok(()),
                (Purpose::Run, Role::Standby, _) => Err(Denied::OnStandby { module: module() }),
            }
        }
    }
}

#[cfg(test)]
mod tests;
