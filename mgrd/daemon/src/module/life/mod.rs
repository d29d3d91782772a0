//! The life of a module: when its process starts, how it is watched, and what follows its end.
//!
//! * `machine` is the life as a pure function: an input and the time go in, a state and an effect
//!   come out. `module_state` is the state as others see it.
//! * `supervisor` is the one loop that feeds the machine and carries out its effects.
//! * `executor` is the task of one process, from its start to its end; `launch` starts it.
//! * `describe` finds out what a disabled module offers.
//! * `slot` is the record of one module, and `shared` holds the records of all.

mod describe;
mod executor;
mod launch;
mod machine;
mod module_state;
mod shared;
mod slot;
mod supervisor;

pub(in crate::module) use describe::{Source, describe, recall, remember};
pub(in crate::module) use executor::close_soon;
pub(in crate::module) use launch::environment;
pub(in crate::module) use machine::Event;
pub use module_state::ModuleState;
pub(in crate::module) use shared::{Letter, Shared};
pub(in crate::module) use slot::{Availability, Described, Slot};
pub(in crate::module) use supervisor::{Supervisor, shut_down};
