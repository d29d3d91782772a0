//! A module's live connection: what waits to be sent, and what it has not answered yet.
//!
//! * `message` is what the two ends tell each other.
//! * `bounded` keeps what the module says to the limits, and `log_record` writes what it logs.
//! * `outbox` is the queue towards the module.
//! * `in_flight` is the commands and remote calls that the module has not answered.
//! * `session` puts these together, and `command_run` is one command as its client sees it.

mod bounded;
mod command_run;
mod in_flight;
mod log_record;
mod message;
mod outbox;
mod session;

pub use command_run::CommandRun;
pub use log_record::{LOG_TARGET, LogRecord};
pub use message::{
    CommandCall, CommandEvent, FromModule, Hello, MethodError, Payload, RemoteCall, SNAPSHOT_PARTS,
    ToModule,
};
pub(in crate::module) use session::Session;
