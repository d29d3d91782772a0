//! Modules: finding them, running each in its own process, and exchanging messages with them.
//!
//! Everything goes through [`Modules`]:
//!
//! * the active manager, on a standby: [`Modules::follow`];
//! * operators: [`Modules::list`], [`Modules::enable`], [`Modules::disable`],
//!   [`Modules::restart`], [`Modules::limit`], [`Modules::debug`]; [`ModuleStatus::problem`] is what health shows;
//! * the router: [`Modules::declarations`] and its version, [`Modules::execute`];
//! * other modules: [`Modules::call`];
//! * the cluster: [`Modules::notify`], [`Modules::document_changed`], [`Modules::counters_read`],
//!   [`Modules::constants_changed`]; options and store reach a session through its mirror, in `rpc`;
//! * `rpc`: [`Modules::authenticate`], then [`Modules::attach`] with the hello, the welcome,
//!   then [`Attached::next`] for messages to send and [`Attached::deliver`] for messages that arrived,
//!   until one side ends; dropping the [`Attached`] ends the session. A hello that cannot be
//!   answered goes to [`Modules::refuse`].
//!
//! The parts, each a folder:
//!
//! * `folder` reads module folders: which modules there are, and how to run them.
//! * `process` starts, confines, reads and ends one process.
//! * `session` is the queues of a module's live connection, and the calls under way on it.
//! * `life` decides when a process starts and ends, and keeps the record of each module.
//! * `modules` is [`Modules`], which puts the parts together.
//!
//! `modules` uses `life`, which uses the other three. They do not use each other, except that a
//! manifest names the limits of a process, and a session says how its process ended. What reads and
//! what starts takes `turns`, because both may hang.

mod attached;
mod commands;
mod config;
mod crashed_run;
mod declaration;
mod descriptor_size;
mod enabled;
mod error;
mod folder;
mod keeper;
mod kept_limits;
mod life;
mod limit_status;
mod limits;
mod manual_start;
mod modules;
mod process;
mod recent_log;
mod run_as;
mod sandbox;
mod session;
mod share_taken;
mod status;
mod turns;
mod unavailable;
mod waiting_crashes;

pub use attached::Attached;
#[cfg(test)]
pub use commands::Commands;
pub use commands::{LeftOut, is_self_test, register_command};
pub use config::{Config, Most, OtherLimits};
pub use crashed_run::CrashedRun;
pub use declaration::{Declaration, DeclaredCommand, DeclaredOption};
pub use enabled::{BoxFuture, EnabledSet, EnabledSetError};
pub use error::{AttachError, CallError, ModuleError};
pub use folder::Runtimes;
pub use keeper::{Keeper, mechanism};
pub use kept_limits::KeptLimits;
#[cfg(test)]
pub use life::Reason;
pub use life::{ModuleEvent, ModuleState};
pub use limit_status::{Effect, LimitStatus};
pub use limits::Limits;
pub use manual_start::ManualStart;
pub use modules::Modules;
pub use process::{
    Exit, Own, PeerProcess, Stacks, adopt_orphans, end_all, end_survivors, keep_record,
    signal_name, use_control_groups,
};
pub use recent_log::{LineSource, LogLine};
pub use run_as::{RunAs, Users};
pub use sandbox::{Sandbox, Sandboxes};
pub use session::{
    CommandCall, CommandEvent, CommandRun, FromModule, Hello, LOG_TARGET, LogRecord, MethodError,
    Payload, RemoteCall, SNAPSHOT_PARTS, ToModule, TooLong, UnderWay, Work,
};
pub use status::{Declared, ModuleStatus, Problem, ProblemKind};
pub use waiting_crashes::WaitingCrashes;

#[cfg(test)]
pub(crate) mod tests;
