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
/// While others are active, the portion is halved if the work on all of it would take longer than this, and
/// doubled if it would take a quarter: bytes say little about how much work they are.
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
    /// What the worker thread works on.
    working: Option<Work>,
}

/// The work on what was read.
#[derive(Clone, Copy, Debug)]
struct Work {
    start: Instant,
    bytes: usize,
    /// Whether others were active.
    is_crowded: bool,
}

/// Whether a connection pauses because its caller has used more than its share.
#[derive(Debug)]
enum Pause {
    /// Not yet found out for the next portion.
    Unknown,
    /// It does not read.
    Lasts(Pin<Box<Sleep>>),
    /// It may read a portion: other connections of the caller cannot hold it back for ever.
    Over(Portion),
}

/// How much is read in one turn.
#[derive(Clone, Copy, Debug)]
struct Portion {
    bytes: usize,
    /// Whether others are active.
    is_crowded: bool,
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
    fn poll_portion(&mut self, cx: &mut Context<'_>) -> Poll<Portion> {
        loop {
            match &mut self.pause {
                Pause::Over(portion) => return Poll::Ready(*portion),
                Pause::Lasts(pause) => {
                    ready!(pause.as_mut().poll(cx));
                    self.pause = Pause::Over(self.next());
                }
                Pause::Unknown => {
                    self.pause = match self.connection.usage.pause() {
                        Some(pause) => Pause::Lasts(Box::pin(sleep(pause))),
                        None => Pause::Over(self.next()),
                    };
                }
            }
        }
    }

    fn next(&self) -> Portion {
        let is_crowded = self.connection.usage.has_others();
        let bytes = match (self.connection.is_accepted(), is_crowded) {
            (false, true) => FIRST_BYTES.min(self.crowded),
            (false, false) => FIRST_BYTES,
            (true, true) => self.crowded,
            (true, false) => PORTION_BYTES,
        };
        Portion { bytes, is_crowded }
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
        if let Some(work) = self.working.take() {
            self.connection.usage.charge(work.start);
            self.crowded = next_portion(self.crowded, work, work.start.elapsed());
        }
    }
}

impl<S> Drop for Guarded<S> {
    fn drop(&mut self) {
        self.count_work();
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
        let Portion { bytes: portion, is_crowded } = ready!(me.poll_portion(cx));
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
        let bytes = buf.filled().len() - before;
        me.portion += bytes;
        me.working = Some(Work { start: Instant::now(), bytes, is_crowded });
        Poll::Ready(Ok(()))
    }
}

/// The portion after one of `portion` bytes, if the work on a part of it took so long. Work on what was read
/// while no others were active says nothing: it was a larger portion.
fn next_portion(portion: usize, work: Work, took: Duration) -> usize {
    if !work.is_crowded || work.bytes == 0 {
        return portion;
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand bytes")]
    let whole = took.mul_f64(portion as f64 / work.bytes as f64);
    match whole {
        long if long > TURN => (portion / 2).max(LEAST_BYTES),
        short if short < TURN / 4 => (portion * 2).min(CROWDED_BYTES),
        _ => portion,
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
