//! Who calls, and what they may do. Every decision of that kind is made by [`permit`].

mod action;
mod audit;
mod identity;
mod permit;

pub use action::Action;
pub use audit::{Audit, audit_command};
pub use identity::{Identity, Unproven};
pub use permit::{Denied, permit};
