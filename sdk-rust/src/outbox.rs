//! The messages that this module sends on its session.

use futures_util::Stream;
use futures_util::stream::unfold;
use mgrd_proto::v1::AttachRequest;
use mgrd_proto::v1::attach_request::Message;
use tokio::sync::{mpsc, watch};

use crate::fitting::{MOST, fitting};

/// How many messages may wait until the host reads them. Beyond that, senders wait.
const WAITING: usize = 256;

/// Sends messages to the host, in order. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Outbox {
    messages: mpsc::Sender<AttachRequest>,
    closing: watch::Sender<bool>,
}

impl Outbox {
    /// An outbox, and the stream of the messages put into it.
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

    /// Sends a message, or an error instead of one that is too large. After the end of the session it drops the message, which is not an error:
    /// the host no longer needs it.
    pub(crate) async fn send(&self, message: Message) {
        let message = Some(fitting(message, MOST));
        let _ = self.messages.send(AttachRequest { message }).await;
    }

    /// Ends the stream after all messages so far are sent.
    pub(crate) fn close(&self) {
        self.closing.send_replace(true);
    }
}

async fn closed(closing: &mut watch::Receiver<bool>) {
    // An error means that all senders are gone.
    let _ = closing.wait_for(|closing| *closing).await;
}
