//! The whole of an `mgrd`, active or standby, as the wire reaches it: its parts, and what joins
//! them.

mod declared;
mod enabled;
mod health;
mod health_log;
mod manager_map;
mod metadata;
mod mutes;
mod own_options;
mod parts;
mod standby;
mod watchers;

pub use enabled::StoredEnabledSet;
pub use manager_map::ManagerMap;
pub use metadata::own_metadata;
pub use own_options::tell_own_options;
pub use parts::Host;
pub use standby::{NEEDED_DOCUMENTS, Standby};
pub use watchers::watch;
