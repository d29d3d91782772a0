//! Who calls, and what they may do. [`permit()`] makes every such decision, and [`Audit`] records it.
//!
//! It knows nothing of how modules run. `module` makes secrets and finds out which run a secret
//! belongs to.

mod action;
mod audit;
mod call;
mod caller;
mod identity;
mod permit;
mod run_identity;
mod writer;

pub use action::Action;
pub use audit::Audit;
pub use call::Call;
pub use caller::Caller;
pub use identity::{Identity, Unproven};
pub use permit::{Denied, is_own_user, permit};
pub use run_identity::{Purpose, RunIdentity, SecretError};
pub use writer::{Room, Writer};
