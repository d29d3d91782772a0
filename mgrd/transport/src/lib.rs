//! How the two ends of a connection find each other: where the sockets are, listening
//! there, and dialling them.
//!
//! Nothing here knows what is said on a connection: no services, no messages.

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
