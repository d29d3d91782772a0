//! The other end of a connection.

use std::fmt;

/// The other end when the connection was made. Another kind of listener adds what it knows, such as
/// a certificate.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Peer {
    /// A process on this host, as the kernel names it.
    Process {
        /// Its id; 0 if this process cannot see it.
        pid: i32,
        /// The id of its user.
        uid: u32,
    },
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Process { pid, uid } => write!(f, "process {pid} of user {uid}"),
        }
    }
}
