//! The process at the other end of a connection, as the kernel says.

use std::io;

use tokio::net::UnixStream;

/// The process at the other end when the connection was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Peer {
    pub(super) pid: i32,
    pub(super) uid: u32,
}

impl Peer {
    pub(super) fn of(stream: &UnixStream) -> io::Result<Self> {
        let cred = stream.peer_cred()?;
        Ok(Self { pid: cred.pid().unwrap_or(0), uid: cred.uid() })
    }
}
