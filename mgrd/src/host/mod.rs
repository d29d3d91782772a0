//! The whole of an `mgrd`, active or standby, as the wire reaches it: its parts, and what joins
//! them.

mod declared;
mod enabled;
mod health;
mod manager_map;
mod metadata;
mod mutes;
mod parts;
mod standby;
mod watchers;

pub use enabled::StoredEnabledSet;
pub use manager_map::ManagerMap;
pub use metadata::own_metadata;
pub use parts::{Host, SetOptionError};
pub use standby::{NEEDED_DOCUMENTS, Standby};
pub use watchers::watch;
