//! The traits of every kind of listener. Their users do not know which kind it is.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::address::Address;
use crate::peer::Peer;

/// Bytes in both directions.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// An accepted connection.
pub struct Accepted {
    /// Opens it. One that is not opened costs little, so that many can be refused.
    pub open: Open,
    /// The other end.
    pub peer: Peer,
}

/// Opens an accepted connection on the runtime of the caller. Dropping it closes the connection.
pub type Open = Box<dyn FnOnce() -> io::Result<Box<dyn ByteStream>> + Send>;

/// Why an address cannot be listened on.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// The path of a Unix socket does not fit.
    #[error(
        "the socket path {} is {} bytes long, the system allows {limit}; choose a shorter one with \
         --socket", path.display(), path.as_os_str().len()
    )]
    TooLong {
        /// The path.
        path: PathBuf,
        /// The most bytes that a path may have.
        limit: usize,
    },
    /// Another process answers there.
    #[error("another process listens on {address}; stop it, or choose another path with --socket")]
    InUse {
        /// The address.
        address: Address,
    },
    /// The system refused.
    #[error(
        "cannot listen on {address}: {source}; check the folder and its owner, or choose another \
         path with --socket"
    )]
    Io {
        /// The address.
        address: Address,
        /// The reason.
        source: io::Error,
    },
}

/// Something that listens. It outlives the runtimes on which connections are accepted.
pub trait Bind: fmt::Debug + Send + Sync {
    /// The address at which it listens.
    fn address(&self) -> &Address;

    /// Accepts no more connections, except those that are already made.
    fn close(&self);

    /// Starts to accept, on the runtime of the caller.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    fn accept(self: Arc<Self>) -> io::Result<Box<dyn Accept>>;
}

/// The next connection or an error; none after the last connection.
pub type Next<'a> = Pin<Box<dyn Future<Output = Option<io::Result<Accepted>>> + Send + 'a>>;

/// The incoming connections.
pub trait Accept: Send {
    /// Waits for the next connection. After the listener is closed, the connections that already
    /// wait are still accepted. It can be cancelled without loss.
    fn next(&mut self) -> Next<'_>;
}

#[cfg(test)]
mod tests;
