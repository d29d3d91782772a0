//! One manager in one role: its parts, and the calls that need more than one of them.

mod authorization;
mod commands;
mod config_document;
mod constants;
mod declarations;
mod enabled;
mod health;
mod health_log;
mod limits;
mod manager_map;
mod metadata;
mod module_events;
mod module_options;
mod mutes;
mod notifications;
mod parts;
mod services;
mod standby;
mod watchers;

pub use constants::Constants;
pub use enabled::StoredEnabledSet;
pub use health::BusyCaller;
pub use limits::StoredLimits;
pub use metadata::own_metadata;
pub use module_options::CurrentOption;
pub use notifications::Notifications;
pub use parts::{Host, HostSettings, Parts};
pub use standby::NEEDED_DOCUMENTS;
pub use watchers::watch;
