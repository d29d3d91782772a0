//! What this module says on its session.

use futures_util::Stream;
use futures_util::stream::unfold;
use mgrd_proto::v1::AttachRequest;
use mgrd_proto::v1::attach_request::Message;
use tokio::sync::{mpsc, watch};

/// How many messages may wait for the host to read them; beyond that, senders wait.
const WAITING: usize = 256;

/// Says things to the host, in order. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    messages: mpsc::Sender<AttachRequest>,
    closing: watch::Sender<bool>,
}

impl Outbox {
    /// An outbox, and what is put into it.
    pub(crate) fn new() -> (Self, impl Stream<Item = AttachRequest> + Send + 'static) {
        let (messages, receiver) = mpsc::channel(WAITING);
        let closing = watch::Sender::new(false);
        let stream = unfold((receiver, closing.subscribe()), |(mut receiver, mut closing)| async {
            let message = tokio::select! {
                message = receiver.recv() => message,
                () = closed(&mut closing) => {
                    receiver.close();
                    receiver.recv().await
                }
            };
            message.map(|message| (message, (receiver, closing)))
        });
        (Self { messages, closing }, stream)
    }

    /// Says something. Nobody listens any more after the session's end, which is no error: what
    /// was to be said has lost its meaning.
    pub(crate) async fn send(&self, message: Message) {
        let _ = self.messages.send(AttachRequest { message: Some(message) }).await;
    }

    /// Ends the stream once everything said so far is sent.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    // An error means that all senders are gone.
    let _ = closing.wait_for(|closing| *closing).await;
}
