//! One process of a module: how it is started, limited, watched, read and ended.
//!
//! * `spawner` starts its `program`, on one of a few `threads`. `steps` is what its child does beyond what
//!   every child does: what `user` and `sandboxing` make ready.
//! * `process` is a process from its start until it is reaped.
//! * `output` reads its stdout and stderr into the log.
//! * `exit` is how it ended, and `out_of_memory` finds out whether it ended because of a lack of memory.
//! * `secret` proves that a connection comes from it.
//! * `tree` is the process and all that it started: it finds them, signals them and ends them.
//! * `confinement` limits and measures them. In a `control_group`, the kernel does.
//! * `ending` ends what is left when `mgrd` ends, and what an earlier one left.
//! * `stacks` is what the threads of the process do, which it shows on a `stack_channel`
//!   or, in a signal handler, on a `stack_pipe`.

mod confinement;
mod control_group;
mod ending;
mod exit;
mod limits;
mod out_of_memory;
mod output;
mod process;
mod program;
mod sandboxing;
mod secret;
mod spawn_error;
mod spawner;
mod stack_channel;
mod stack_pipe;
mod stacks;
mod steps;
mod threads;
mod tree;
mod user;

pub(in crate::module) use confinement::NotNow;
pub use confinement::{Exceeded, Usage};
pub(in crate::module) use control_group::usable as usable_controllers;
pub use control_group::{Controllers, use_control_groups};
pub use ending::{end_all, end_survivors};
pub use exit::{Exit, Refusal, signal_name};
pub use limits::ProcessLimits;
pub(in crate::module) use process::{Confined, Process, ProcessEnd};
pub(in crate::module) use secret::{Holder, LiveRuns};
pub use spawn_error::SpawnError;
pub(in crate::module) use spawner::{Launch, Spawner};
pub use stacks::{Own, Stacks};
pub(in crate::module) use stacks::{StackSource, threads};
#[cfg(test)]
pub(in crate::module) use tree::outlives;
pub(in crate::module) use tree::survivor_of;
pub use tree::{PeerProcess, adopt_orphans, keep_record};
pub use user::{AccountError, LoginError};
pub(in crate::module) use user::{Accounts, Login, check_owner};
