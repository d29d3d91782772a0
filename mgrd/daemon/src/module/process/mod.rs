//! One process of a module: how it is started, limited, watched, read and ended.
//!
//! * `spawner` is the one thread that starts processes.
//! * `process` is a process from its start until it is reaped.
//! * `output` reads its stdout and stderr into the log.
//! * `exit` is how it ended.
//! * `secret` proves that a connection comes from it.
//! * `usage` measures it, and `fairness` keeps its threads from slowing down other processes.

mod exit;
mod fairness;
mod output;
mod process;
mod secret;
mod spawner;
mod usage;

pub use exit::Exit;
pub(in crate::module) use fairness::Fairness;
pub(in crate::module) use process::Process;
pub(in crate::module) use secret::Starts;
pub use secret::{Purpose, Ticket};
pub(in crate::module) use spawner::{Launch, Spawner};
pub use usage::Usage;
