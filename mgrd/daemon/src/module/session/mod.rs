//! A module's live connection: the messages that wait to be sent, and the calls without an answer.
//!
//! * `message` has the messages in both directions.
//! * `bounded` keeps messages of the module within the limits, `too_long` is what becomes of one that is longer
//!   than it may send, and `log_record` writes what it logs.
//! * `outbox` is the queue towards the module.
//! * `in_flight` is the commands and remote calls that the module has not answered.
//! * `pulse` is whether it answers pings.
//! * `session` puts these together. `command_run` is one command as its client sees it, and
//!   `remote_call` a call by another module.

mod bounded;
mod command_run;
mod in_flight;
mod limits;
mod log_record;
mod message;
mod outbox;
mod pulse;
mod remote_call;
mod session;
mod session_end;
mod too_long;
mod under_way;
mod waits;

pub use command_run::CommandRun;
pub use limits::SessionLimits;
pub use log_record::{LOG_TARGET, LogRecord};
pub use message::{
    CommandCall, CommandEvent, FromModule, Hello, MethodError, Payload, RemoteCall, SNAPSHOT_PARTS,
    ToModule,
};
pub(in crate::module) use session::Session;
pub use session_end::SessionEnd;
pub use too_long::TooLong;
pub use under_way::{UnderWay, Work};
