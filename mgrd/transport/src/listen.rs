//! The traits of every kind of listener. Their users do not know which kind it is.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::peer::Peer;

/// Bytes in both directions.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// An accepted connection.
pub struct Accepted {
    /// Its bytes.
    pub stream: Box<dyn ByteStream>,
    /// The process at the other end.
    pub peer: Peer,
}

/// Something that listens. It outlives the runtimes on which connections are accepted.
pub trait Bind: fmt::Debug + Send + Sync {
    /// The address at which it listens, for messages.
    fn address(&self) -> String;

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
