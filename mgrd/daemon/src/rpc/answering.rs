//! The body of an answer until its caller has read it: its time and its bytes count.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use mgrd_proto::codec::LastLarge;
use tonic::Status;
use tonic::body::Body;

use super::peer_usage::{PeerUsage, TooManyCalls};

/// One call under way. It counts until it is dropped.
pub(super) struct Underway {
    usage: Arc<PeerUsage>,
    /// The bytes that were given to the connection and that its peer has not taken.
    unread: usize,
}

/// The body of an answer.
pub(super) struct Answering {
    body: Body,
    call: Underway,
    /// What its connection was given last. tonic must not write the next message into it.
    last: LastLarge,
    /// Whether its connection has asked for it.
    taken: bool,
}

impl Underway {
    /// Counts a call.
    ///
    /// # Errors
    ///
    /// If its caller has too many.
    pub(super) fn begin(usage: Arc<PeerUsage>) -> Result<Self, TooManyCalls> {
        usage.begin()?;
        Ok(Self { usage, unread: 0 })
    }

    fn has_read(&mut self) {
        self.usage.has_read(std::mem::take(&mut self.unread));
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.has_read();
        self.usage.end();
    }
}

impl Answering {
    pub(super) fn new(body: Body, call: Underway) -> Self {
        call.usage.has_answer();
        Self { body, call, last: LastLarge::default(), taken: false }
    }

    fn take(&mut self) {
        if !std::mem::replace(&mut self.taken, true) {
            self.call.usage.has_taken();
        }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.take();
    }
}

impl HttpBody for Answering {
    type Data = Bytes;
    type Error = Status;

    /// The connection asks for the first part when its peer reads, and for more when it could send
    /// what it has.
    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let me = self.get_mut();
        me.take();
        let Self { body, call, last, .. } = me;
        call.has_read();
        let next = call.usage.timed(|| Pin::new(body).poll_frame(cx));
        let frame = ready!(next);
        if let Some(Ok(frame)) = &frame {
            let data = frame.data_ref();
            call.unread = data.map_or(0, Bytes::len);
            call.usage.has_sent(call.unread);
            if let Some(data) = data {
                last.replace(data);
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests;
