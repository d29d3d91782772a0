//! How the two ends of a connection find each other: where the sockets are, and dialling them.
//!
//! Nothing here knows what is said on a connection: no services, no messages.

mod dial;
mod sockets;

pub use dial::dial;
pub use sockets::{PrivateSocket, default_socket, private_sockets};
