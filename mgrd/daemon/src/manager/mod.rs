//! The life of `mgrd`: from its settings to its end.
//!
//! `life` is the loop: wait until elected, lead, and again. Each role is one `term`, with a runtime
//! of its own, so that nothing of it outlives it. `watchdog` ends a manager that hangs. `standby` and `active` are the two roles, and
//! `assembly` puts the parts of either together.

mod active;
mod assembly;
mod context;
mod error;
mod heart;
mod life;
mod other_signals;
mod own_options;
mod service_manager;
mod signals;
mod standby;
mod state_dump;
mod term;
mod watchdog;

pub use context::backend;
pub use life::run;
