//! The life of a module: when its process starts, how it is watched, and what follows its end.
//!
//! * `module` is the record of one module, and `shared` holds the records of all.
//!   `enabled_modules` says which of them are enabled.
//! * `machine` is the life as a pure function: an `input` and the time go in, a state and an effect
//!   come out. `phase` is the state with its data, `failures` counts what went wrong, `module_state`
//!   is the state as others see it, and `availability` says whether the module can take a command.
//! * `supervisor` is the one loop that calls the machine and carries out its effects. It receives a
//!   `supervisor_message` for each event.
//! * `run` is the task of one run, from the start of its process to its end. `launch` starts the
//!   process, `watchdog` finds out whether it is healthy (its findings are `complaint`s, with a `cause` or
//!   with the `overdue` work), `growth` whether its memory leaks (a `memory_warning`), and `run_record`
//!   keeps what is seen of it.
//!   `run_end` is how it ended, and `reason` why a module is in its state.
//! * `crash` decides whether the end of a run is a crash, and gathers the `evidence` for its report.
//! * `describe` starts a disabled module to find out what it offers, and `description_cache` keeps
//!   that.

mod availability;
mod cause;
mod complaint;
mod crash;
mod describe;
mod describe_error;
mod description_cache;
mod enabled_modules;
mod evidence;
mod failures;
mod growth;
mod input;
mod launch;
mod launch_error;
mod limits;
mod machine;
mod memory_warning;
mod module;
mod module_state;
mod no_sdk;
mod overdue;
mod phase;
mod reason;
mod run;
mod run_end;
mod run_record;
mod shared;
mod supervisor;
mod supervisor_message;
mod watch;
mod watchdog;

pub(in crate::module) use availability::Availability;
pub use complaint::Complaint;
pub(in crate::module) use describe::{Source, describe};
pub(in crate::module) use description_cache::{load_cached, save_to_cache};
pub(in crate::module) use input::Input;
pub(in crate::module) use launch::{data_folder, environment, login};
pub use limits::LifeLimits;
pub use memory_warning::MemoryWarning;
pub(in crate::module) use module::{Described, Module};
pub use module_state::{ModuleEvent, ModuleState};
#[cfg(test)]
pub(in crate::module) use overdue::Overdue;
pub use reason::Reason;
pub(in crate::module) use run::close_after_exit;
pub use run_end::RunEnd;
pub(in crate::module) use shared::Shared;
pub(in crate::module) use supervisor::Supervisor;
