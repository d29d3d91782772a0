//! The one place that decides who may do what.

use nix::unistd::Uid;

use super::action::{Action, Audience};
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

/// Decides whether `identity` may do `action`.
///
/// # Errors
///
/// Why it may not.
pub fn permit(identity: &Identity, action: Action) -> Result<(), Denied> {
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
        (Identity::LocalUser { uid, .. }, _) => {
            let owner = [Uid::from_raw(0), Uid::effective()].contains(&Uid::from_raw(*uid));
            if owner { Ok(()) } else { Err(Denied::OtherUser) }
        }
        (Identity::Module { .. }, Audience::Everyone) => Ok(()),
        (Identity::Module { run, role }, Audience::Modules) => {
            let module = || run.module.clone();
            match (run.purpose, role, action) {
                (_, _, Action::Attach) => Ok(()),
                (Purpose::Describe, _, _) => Err(Denied::OnlyDescribes { module: module() }),
                (Purpose::Run, Role::Active, _) | (_, _, Action::ReadOptions) => Ok(()),
                (Purpose::Run, Role::Standby, _) => Err(Denied::OnStandby { module: module() }),
            }
        }
    }
}

#[cfg(test)]
mod tests;
