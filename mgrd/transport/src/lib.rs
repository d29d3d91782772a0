//! How the two ends of a connection find each other: addresses, listening, and dialling.
//!
//! No other crate names a kind of socket where it listens or dials. This crate does not know what a
//! connection carries: no services, no messages.

mod address;
mod dial;
mod endpoint;
mod listen;
mod peer;
mod sockets;
mod unix;

pub use address::Address;
pub use dial::{DialError, dial};
pub use endpoint::listen;
pub use listen::{Accept, Accepted, Bind, ByteStream, ListenError, Next, Open};
pub use peer::Peer;
pub use sockets::{default_socket, listen_for_modules, manager_runs};
