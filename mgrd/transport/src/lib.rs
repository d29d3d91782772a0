//! How the two ends of a connection find each other: the paths of sockets, listening, and dialling.
//!
//! This crate does not know what a connection carries: no services, no messages.

mod dial;
mod listen;
mod peer;
mod sockets;
mod unix;

pub use dial::dial;
pub use listen::{Accept, Accepted, Bind, ByteStream, Next};
pub use peer::Peer;
pub use sockets::{PrivateSocket, default_socket, private_sockets};
pub use unix::{ListenError, UnixSocket};
