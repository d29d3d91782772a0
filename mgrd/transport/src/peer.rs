//! The process at the other end of a connection.

use std::io;

use tokio::net::UnixStream;

/// The process at the other end when the connection was made, according to the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Peer {
    /// The process id; 0 if this process cannot see it.
    pub pid: i32,
    /// Its user id.
    pub uid: u32,
}

impl Peer {
    pub(crate) fn of(stream: &UnixStream) -> io::Result<Self> {
        let cred = stream.peer_cred()?;
        Ok(Self { pid: cred.pid().unwrap_or(0), uid: cred.uid() })
    }
}
