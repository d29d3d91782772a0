//! What every kind of listener offers. Behind it, nothing knows which kind it is.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::peer::Peer;

/// Bytes in both directions.
pub trait ByteStream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> ByteStream for S {}

/// A connection that came in.
pub struct Accepted {
    /// Its bytes.
    pub stream: Box<dyn ByteStream>,
    /// Who is at the other end.
    pub peer: Peer,
}

/// Something that listens. It outlives the runtimes on which connections are accepted.
pub trait Bind: fmt::Debug + Send + Sync {
    /// Where it listens, for messages.
    fn address(&self) -> String;

    /// Takes no more connections but those that are made already.
    fn close(&self);

    /// Begins to accept, on the runtime of the caller.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    fn accept(self: Arc<Self>) -> io::Result<Box<dyn Accept>>;
}

/// The next connection, none after the last one, or what went wrong.
pub type Next<'a> = Pin<Box<dyn Future<Output = Option<io::Result<Accepted>>> + Send + 'a>>;

/// The connections that come in.
pub trait Accept: Send {
    /// Waits for the next connection. After the listener is closed, those that had been waiting
    /// still come. Safe to cancel.
    fn next(&mut self) -> Next<'_>;
}
