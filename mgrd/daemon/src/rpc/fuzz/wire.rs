//! The two ends of a call in memory: bytes of messages go in, and a service decodes them.

use std::sync::Arc;
use std::time::Duration;

use bytes::{BufMut, Bytes, BytesMut};
use futures_util::FutureExt;
use http_body::Frame;
use http_body_util::StreamBody;
use mgrd_proto::codec::Protobuf;
use mgrd_transport::Peer;
use prost::Message;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::UnboundedReceiverStream;
use tokio_stream::{Stream, StreamExt};
use tonic::codec::Codec;
use tonic::{Status, Streaming};

use crate::module::PeerProcess;
use crate::rpc::ConnectionLimits;
use crate::rpc::connections::{Connection, Connections};
use crate::rpc::peer_usage::Caller;
use crate::text::has_controls;

/// The longest text of an error, in bytes.
const ERROR_BYTES: usize = 8 << 10;
/// Longer than any deadline of the code. The clock is paused, so that only what hangs takes so long.
const FOR_EVER: Duration = Duration::from_secs(3600);

/// Sends messages. The call ends with it.
pub(in crate::rpc) struct Sender(mpsc::UnboundedSender<Bytes>);

impl Sender {
    /// Sends a message, which may be wrong.
    pub(in crate::rpc) fn send(&self, message: &[u8]) {
        let mut framed = BytesMut::with_capacity(5 + message.len());
        framed.put_u8(0);
        framed.put_u32(u32::try_from(message.len()).unwrap());
        framed.put_slice(message);
        // The other end may be gone.
        let _ = self.0.send(framed.freeze());
    }
}

/// A stream of messages of a call.
pub(in crate::rpc) fn stream<T: Message + Default + 'static>() -> (Sender, Streaming<T>) {
    let (sender, bytes) = mpsc::unbounded_channel();
    let frames =
        UnboundedReceiverStream::new(bytes).map(|bytes| Ok::<_, Status>(Frame::data(bytes)));
    let decoder = Protobuf::<T, T>::default().decoder();
    (Sender(sender), Streaming::new_request(decoder, StreamBody::new(frames), None, None))
}

/// The record of a connection, as the layer in front of the services makes it.
pub(in crate::rpc) fn connection() -> Arc<Connection> {
    let (peer, process) = (Peer::Process { pid: 1, uid: 1 }, PeerProcess::of(0));
    let connections = Connections::new(ConnectionLimits::default(), Arc::default());
    connections.admit(peer.clone(), Caller::Client(peer), process).unwrap()
}

/// Waits for what must not take for ever.
pub(in crate::rpc) async fn ends<T>(what: &str, work: impl Future<Output = T>) -> T {
    timeout(FOR_EVER, work).await.unwrap_or_else(|_| panic!("{what} does not end"))
}

/// What has been answered by now.
pub(in crate::rpc) async fn answered<T>(
    answers: &mut (impl Stream<Item = Result<T, Status>> + Unpin),
) -> Vec<T> {
    let mut all = Vec::new();
    // So many turns are more than a message takes on its way.
    for _ in 0..8 {
        tokio::task::yield_now().await;
        while let Some(Some(answer)) = answers.next().now_or_never() {
            all.extend(answer.inspect_err(is_readable).ok());
        }
    }
    all
}

/// All answers until the end of the call.
pub(in crate::rpc) async fn rest<T>(
    answers: &mut (impl Stream<Item = Result<T, Status>> + Unpin),
) -> Vec<T> {
    let mut all = Vec::new();
    while let Some(answer) = ends("a call", answers.next()).await {
        all.extend(answer.inspect_err(is_readable).ok());
    }
    all
}

/// An error says something, in one line that is not too long.
pub(in crate::rpc) fn is_readable(error: &Status) {
    is_text(error.message());
}

/// The same of a text.
pub(in crate::rpc) fn is_text(text: &str) {
    assert!(!text.is_empty(), "an error without a text");
    assert!(text.len() <= ERROR_BYTES, "an error of {} bytes: {text}", text.len());
    assert!(!has_controls(text), "an error with control characters: {text:?}");
}
