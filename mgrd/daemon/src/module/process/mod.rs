//! One process of a module: how it is started, limited, watched, read and ended.
//!
//! * `spawner` starts its `program`, on one of a few `threads`.
//! * `process` is a process from its start until it is reaped.
//! * `output` reads its stdout and stderr into the log.
//! * `exit` is how it ended.
//! * `secret` proves that a connection comes from it.
//! * `confinement` limits it, measures it and kills it.

mod confinement;
mod exit;
mod limits;
mod output;
mod process;
mod program;
mod secret;
mod spawn_error;
mod spawner;
mod threads;

pub use confinement::{Exceeded, LimitError, ResourceLimits, Usage};
pub use exit::{Exit, Refusal};
pub use limits::ProcessLimits;
pub(in crate::module) use process::Process;
pub(in crate::module) use secret::LiveRuns;
pub use spawn_error::SpawnError;
pub(in crate::module) use spawner::{Launch, Spawner};
