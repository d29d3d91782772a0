//! The bytes of a connection: read in small portions, and only for a limited time before the first
//! call.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tonic::transport::server::Connected;

use super::connections::Connection;

/// So many bytes are read from one connection before others have their turn. Small calls are cheap
/// to send and expensive to answer, and all that was read is worked on in one go.
const PORTION_BYTES: usize = 16 << 10;
/// The same before its first call was accepted.
const FIRST_BYTES: usize = 1 << 10;

/// The stream of one connection.
#[derive(Debug)]
pub(super) struct Guarded<S> {
    stream: S,
    connection: Arc<Connection>,
    portion: usize,
    hello: Option<Pin<Box<Sleep>>>,
}

impl<S> Guarded<S> {
    pub(super) fn new(stream: S, connection: Arc<Connection>) -> Self {
        let hello = Some(Box::pin(sleep(connection.hello_timeout())));
        Self { stream, connection, portion: 0, hello }
    }

    /// Whether nothing more is read.
    fn is_over(&mut self, cx: &mut Context<'_>) -> bool {
        if self.connection.is_accepted() {
            self.hello = None;
        }
        let late = self.hello.as_mut().is_some_and(|hello| hello.as_mut().poll(cx).is_ready());
        late || self.connection.is_closed()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let me = self.get_mut();
        if me.is_over(cx) {
            return Poll::Ready(Ok(()));
        }
        let accepted = me.connection.is_accepted();
        if me.portion >= if accepted { PORTION_BYTES } else { FIRST_BYTES } {
            me.portion = 0;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let read = if accepted {
            Pin::new(&mut me.stream).poll_read(cx, buf)
        } else {
            read_small(&mut me.stream, cx, buf)
        };
        if read.is_pending() {
            me.portion = 0;
        }
        ready!(read)?;
        me.portion += buf.filled().len() - before;
        Poll::Ready(Ok(()))
    }
}

/// Reads no more than [`FIRST_BYTES`].
fn read_small(
    stream: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    buf: &mut ReadBuf<'_>,
) -> Poll<io::Result<()>> {
    let mut room = [0; FIRST_BYTES];
    let room = &mut room[..FIRST_BYTES.min(buf.remaining())];
    let mut part = ReadBuf::new(room);
    ready!(Pin::new(stream).poll_read(cx, &mut part))?;
    buf.put_slice(part.filled());
    Poll::Ready(Ok(()))
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Guarded<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

impl<S> Connected for Guarded<S> {
    type ConnectInfo = Arc<Connection>;

    fn connect_info(&self) -> Arc<Connection> {
        Arc::clone(&self.connection)
    }
}

#[cfg(test)]
mod tests;
