//! The body of a call. What of it has not arrived when the call ends is read and discarded for a moment.
//!
//! A stream that is dropped before its end is reset. What its caller had sent by then arrives at a stream
//! that is forgotten, and h2 takes that for a fault of the caller: after some hundred of them it closes the
//! connection, with all other calls on it. An answer is often faster than the end of the request, so this
//! would end the connection of a caller that does nothing wrong.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::task::coop::consume_budget;
use tokio::time::timeout;
use tonic::Status;
use tonic::body::Body;

use super::peer_usage::PeerUsage;
use crate::metered::metered;

/// How long the end of a body may take to arrive.
const LONGEST: Duration = Duration::from_secs(1);
/// How many bytes may arrive before it: as many as may be on their way on one stream.
pub(super) const MOST: u32 = 4 << 20;

/// The body of a call.
pub(super) struct Drained {
    body: Body,
    usage: Arc<PeerUsage>,
}

impl Drained {
    /// The body of a call by this caller, whose time it takes to discard the rest of it.
    pub(super) fn new(body: Body, usage: Arc<PeerUsage>) -> Self {
        Self { body, usage }
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        if self.body.is_end_stream() {
            return;
        }
        let rest = discard(std::mem::take(&mut self.body));
        // Without a runtime, the connection is gone, too.
        if let Ok(runtime) = Handle::try_current() {
            drop(runtime.spawn(metered(timeout(LONGEST, rest), self.usage.clone())));
        }
    }
}

/// Reads to the end, or until too much has arrived.
async fn discard(mut body: Body) {
    let mut left = MOST as usize;
    while let Some(Ok(frame)) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        let Some(less) = left.checked_sub(bytes) else { return };
        left = less;
        consume_budget().await;
    }
}

impl HttpBody for Drained {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
