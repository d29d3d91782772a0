//! The contracts on the wire. Translates between `proto/` and the domain; tonic ends here.

mod admin;
mod answering;
mod busy;
mod command_size;
mod connections;
mod convert;
mod counters;
mod drained;
mod feed;
mod follower;
#[cfg(test)]
mod fuzz;
mod guarded;
mod identify;
mod input;
mod limits;
mod methods;
mod mirror;
mod module_host;
mod peer_usage;
mod receiving;
mod request_id;
mod server;
mod session;
mod shares;
mod snapshot;
mod standby;
mod status;
mod writes;

pub use follower::{FollowError, Follower, follow};
pub use limits::{ClientLimits, ConnectionLimits, Limits};
pub use server::{ServeError, serve};
