//! The active manager and the standbys that registered with it.

mod error;
mod manager;
mod registration;
mod registry;
mod role;
mod standbys;

pub use error::{IdInUse, UnknownManager};
pub use manager::Manager;
pub use registration::Registration;
pub use registry::{Failed, Managers};
pub use role::Role;
