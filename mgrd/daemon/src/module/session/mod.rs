//! A module's live connection: what waits to be sent, and what it has not answered yet.
//!
//! * `message` is what the two ends tell each other.
//! * `outbox` is the queue towards the module.
//! * `in_flight` is the commands and remote calls that the module has not answered.
//! * `session` puts these together, and `command_run` is one command as its client sees it.

mod command_run;
mod in_flight;
mod message;
mod outbox;
mod session;

pub use command_run::CommandRun;
pub use message::{
    CommandCall, CommandEvent, FromModule, Hello, MethodError, Payload, RemoteCall, ToModule,
};
pub(in crate::module) use session::Session;
