//! The bytes of a connection: read in small portions, and only for a limited time before the first
//! call.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};
use tonic::transport::server::Connected;

use super::connections::Connection;
use crate::metered::Meter;

/// So many bytes are read from one connection before others have their turn. Small calls are cheap
/// to send and expensive to answer, and all that was read is worked on in one go.
const PORTION_BYTES: usize = 16 << 10;
/// The same while others are active, because a frame may be as small as ten bytes.
const CROWDED_BYTES: usize = 4 << 10;
/// The same before its first call was accepted.
const FIRST_BYTES: usize = 1 << 10;
/// It is never less than this.
const LEAST_BYTES: usize = 256;
/// While others are active, the portion is halved if the work on it takes longer than this, and doubled
/// if it takes a quarter: bytes say little about how much work they are.
const TURN: Duration = Duration::from_micros(100);

/// How long a connection that was cut off stays open.
pub(super) const CUT_OFF: Duration = Duration::from_secs(1);

/// The stream of one connection.
#[derive(Debug)]
pub(super) struct Guarded<S> {
    stream: S,
    connection: Arc<Connection>,
    /// The bytes that were read in this turn.
    portion: usize,
    /// The largest portion while others are active.
    crowded: usize,
    hello: Option<Pin<Box<Sleep>>>,
    /// Runs when nothing more is read.
    cut_off: Option<Pin<Box<Sleep>>>,
    pause: Pause,
    /// Since when the worker thread works on what was read.
    working: Option<Instant>,
}

/// Whether a connection pauses because its caller has used more than its share.
#[derive(Debug)]
enum Pause {
    /// Not yet found out for the next portion.
    Unknown,
    /// It does not read.
    Lasts(Pin<Box<Sleep>>),
    /// It may read a portion of so many bytes: other connections of the caller cannot hold it back
    /// for ever.
    Over(usize),
}

impl<S> Guarded<S> {
    pub(super) fn new(stream: S, connection: Arc<Connection>) -> Self {
        let hello = Some(Box::pin(sleep(connection.hello_timeout())));
        Self {
            stream,
            connection,
            portion: 0,
            crowded: CROWDED_BYTES,
            hello,
            cut_off: None,
            pause: Pause::Unknown,
            working: None,
        }
    }

    /// Pending while something may be read; ready when it is over. A connection that was cut off before
    /// its first call stays open for a while, because its peer would connect again at once. One with
    /// calls under way would keep them for so long.
    fn poll_over(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.connection.is_closed() {
            if self.connection.is_accepted() {
                return Poll::Ready(());
            }
            return self.cut_off.get_or_insert_with(|| Box::pin(sleep(CUT_OFF))).as_mut().poll(cx);
        }
        if self.connection.is_accepted() {
            self.hello = None;
        }
        self.hello.as_mut().map_or(Poll::Pending, |hello| hello.as_mut().poll(cx))
    }

    /// How much may be read in this turn; pending while the caller has used more than its share.
    fn poll_portion(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        loop {
            match &mut self.pause {
                Pause::Over(portion) => return Poll::Ready(*portion),
                Pause::Lasts(pause) => {
                    ready!(pause.as_mut().poll(cx));
                    self.pause = Pause::Over(self.portion_bytes());
                }
                Pause::Unknown => {
                    self.pause = match self.connection.usage.pause() {
                        Some(pause) => Pause::Lasts(Box::pin(sleep(pause))),
                        None => Pause::Over(self.portion_bytes()),
                    };
                }
            }
        }
    }

    fn portion_bytes(&self) -> usize {
        let usage = &self.connection.usage;
        match (self.connection.is_accepted(), usage.has_others()) {
            (false, true) => FIRST_BYTES.min(self.crowded),
            (false, false) => FIRST_BYTES,
            (true, true) => self.crowded,
            (true, false) => PORTION_BYTES,
        }
    }

    /// Ends a turn: the next portion waits until others had theirs.
    fn end_turn(&mut self) {
        self.portion = 0;
        self.pause = Pause::Unknown;
    }

    /// Counts the work on what was read before, if nothing more can be done for the peer.
    fn count_if_blocked<T>(&mut self, done: &Poll<T>) {
        if done.is_pending() {
            self.count_work();
        }
    }

    /// Counts the work on what was read before.
    fn count_work(&mut self) {
        if let Some(start) = self.working.take() {
            self.connection.usage.charge(start);
            self.crowded = next_portion(self.crowded, start.elapsed());
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Guarded<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let me = self.get_mut();
        me.count_work();
        if me.poll_over(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        if me.connection.is_closed() {
            return Poll::Pending;
        }
        let portion = ready!(me.poll_portion(cx));
        if me.portion >= portion {
            me.end_turn();
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let before = buf.filled().len();
        let read = if portion < PORTION_BYTES {
            read_small(&mut me.stream, cx, buf, portion - me.portion)
        } else {
            Pin::new(&mut me.stream).poll_read(cx, buf)
        };
        if read.is_pending() {
            me.end_turn();
        }
        ready!(read)?;
        me.portion += buf.filled().len() - before;
        me.working = Some(Instant::now());
        Poll::Ready(Ok(()))
    }
}

/// The next portion, if the work on one of so many bytes took so long.
fn next_portion(bytes: usize, took: Duration) -> usize {
    match took {
        long if long > TURN => (bytes / 2).max(LEAST_BYTES),
        short if short < TURN / 4 => (bytes * 2).min(CROWDED_BYTES),
        _ => bytes,
    }
}

/// Reads no more than `most` bytes.
fn read_small(
    stream: &mut (impl AsyncRead + Unpin),
    cx: &mut Context<'_>,
    buf: &mut ReadBuf<'_>,
    most: usize,
) -> Poll<io::Result<()>> {
    let mut room = [0; CROWDED_BYTES];
    let room = &mut room[..most.min(CROWDED_BYTES).min(buf.remaining())];
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
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.count_if_blocked(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.count_if_blocked(&written);
        written
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
