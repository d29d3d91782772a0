//! A connection's bytes: read in small portions, and not for ever from a caller who says nothing.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tonic::transport::server::Connected;

use super::callers::Connection;

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
            little(&mut me.stream, cx, buf)
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
fn little(
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
mod tests {
    use futures_util::FutureExt;
    use mgrd_transport::Peer;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

    use super::*;
    use crate::config::ConnectionLimits;
    use crate::rpc::callers::{Callers, Owner};

    fn guarded(limits: ConnectionLimits) -> (DuplexStream, Guarded<DuplexStream>, Arc<Connection>) {
        let peer = Peer { pid: 1, uid: 1 };
        let connection = Callers::new(limits).admit(peer, Owner::Client(peer)).unwrap();
        let (theirs, ours) = duplex(1 << 20);
        (theirs, Guarded::new(ours, connection.clone()), connection)
    }

    #[tokio::test]
    async fn what_is_read_in_one_turn_is_bounded() {
        for (accepted, most) in [(false, FIRST_BYTES), (true, PORTION_BYTES)] {
            let (mut theirs, mut ours, connection) = guarded(ConnectionLimits::default());
            if accepted {
                connection.accept();
            }
            theirs.write_all(&[7; 100_000]).await.unwrap();
            let (mut all, mut turns) = (0, 0);
            while all < 100_000 {
                let mut turn = 0;
                while let Some(read) = ours.read(&mut [0; 512]).now_or_never() {
                    turn += read.unwrap();
                }
                assert!(turn <= most, "{turn} bytes");
                (all, turns) = (all + turn, turns + 1);
                // The runtime bounds what a task does, too.
                tokio::task::yield_now().await;
            }
            assert!(turns >= 100_000 / most, "{turns} turns");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_call_is_closed_and_one_with_a_call_is_not() {
        let (_theirs, mut ours, _) = guarded(ConnectionLimits::default());
        assert_eq!(ours.read(&mut [0; 9]).await.unwrap(), 0);
        let (_theirs, mut ours, connection) = guarded(ConnectionLimits::default());
        connection.accept();
        let day = std::time::Duration::from_secs(86400);
        assert!(tokio::time::timeout(day, ours.read(&mut [0; 9])).await.is_err());
    }

    #[tokio::test]
    async fn nothing_is_read_from_a_caller_that_was_cut_off() {
        let limits = ConnectionLimits { refusals_per_second: 1, ..ConnectionLimits::default() };
        let (mut theirs, mut ours, connection) = guarded(limits);
        theirs.write_all(b"more").await.unwrap();
        connection.refuse();
        connection.refuse();
        assert_eq!(ours.read(&mut [0; 9]).await.unwrap(), 0);
    }
}
