//! The body of a call while it arrives: its messages are weighed, and the first one may not stop.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep};
use tonic::Status;
use tonic::body::Body;

use super::MAX_MESSAGE_BYTES;
use super::callers::Account;

/// A message is preceded by whether it is compressed, and by its length.
const PREFIX: usize = 5;

/// The body of a call.
pub(super) struct Receiving {
    body: Body,
    messages: Messages,
    pause: Duration,
    /// Runs while the first message is not there.
    idle: Option<Pin<Box<Sleep>>>,
}

/// Where one message ends and the next begins.
struct Messages {
    account: Arc<Account>,
    prefix: [u8; PREFIX],
    known: usize,
    /// The bytes of the present message that are to come.
    left: usize,
    /// The bytes of it that its sender's account has.
    charged: usize,
    complete: bool,
}

impl Receiving {
    pub(super) fn new(body: Body, account: Arc<Account>, pause: Duration) -> Self {
        let messages = Messages {
            account,
            prefix: [0; PREFIX],
            known: 0,
            left: 0,
            charged: 0,
            complete: false,
        };
        Self { body, messages, pause, idle: None }
    }

    /// Whether the first message has stopped on its way.
    fn has_stopped(&mut self, cx: &mut Context<'_>) -> bool {
        if self.messages.complete {
            self.idle = None;
            return false;
        }
        let pause = self.pause;
        self.idle.get_or_insert_with(|| Box::pin(sleep(pause))).as_mut().poll(cx).is_ready()
    }
}

impl HttpBody for Receiving {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let me = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut me.body).poll_frame(cx) else {
            if me.has_stopped(cx) {
                let seconds = me.pause.as_secs_f64();
                let why = format!(
                    "no more of the first message came for {seconds} s (the limit hello_timeout); \
                     send it at once"
                );
                return Poll::Ready(Some(Err(Status::deadline_exceeded(why))));
            }
            return Poll::Pending;
        };
        let Some(frame) = frame.transpose()? else { return Poll::Ready(None) };
        if let Some(idle) = &mut me.idle {
            idle.as_mut().reset(Instant::now() + me.pause);
        }
        if let Some(data) = frame.data_ref() {
            me.messages.pass(data).map_err(Status::resource_exhausted)?;
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Messages {
    /// Follows the bytes that go by.
    fn pass(&mut self, mut data: &[u8]) -> Result<(), String> {
        while !data.is_empty() {
            if self.known < PREFIX {
                let part = data.len().min(PREFIX - self.known);
                self.prefix[self.known..][..part].copy_from_slice(&data[..part]);
                self.known += part;
                data = &data[part..];
                if self.known == PREFIX {
                    self.begin()?;
                }
            } else {
                let part = data.len().min(self.left);
                self.left -= part;
                data = &data[part..];
            }
            if self.known == PREFIX && self.left == 0 {
                self.end();
            }
        }
        Ok(())
    }

    fn begin(&mut self) -> Result<(), String> {
        let [_, length @ ..] = self.prefix;
        self.left = u32::from_be_bytes(length) as usize;
        // A longer one is refused by whoever reads the prefix next.
        if self.left <= MAX_MESSAGE_BYTES {
            self.account.receive(self.left)?;
            self.charged = self.left;
        }
        Ok(())
    }

    fn end(&mut self) {
        self.account.received(std::mem::take(&mut self.charged));
        self.known = 0;
        self.complete = true;
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        self.account.received(self.charged);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use http_body_util::BodyExt;
    use mgrd_transport::Peer;
    use tonic::Code;

    use super::*;
    use crate::config::ConnectionLimits;
    use crate::rpc::callers::{Callers, Owner};

    /// A body of these parts; after them it waits for ever, unless it `ends`.
    struct Parts {
        parts: VecDeque<Bytes>,
        ends: bool,
    }

    impl HttpBody for Parts {
        type Data = Bytes;
        type Error = Status;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
            match self.parts.pop_front() {
                Some(part) => Poll::Ready(Some(Ok(Frame::data(part)))),
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }
    }

    fn account(receiving_bytes: usize) -> Arc<Account> {
        let limits = ConnectionLimits { receiving_bytes, ..ConnectionLimits::default() };
        let peer = Peer { pid: 1, uid: 1 };
        Callers::new(limits).admit(peer, Owner::Client(peer)).unwrap().account.clone()
    }

    fn receiving(account: &Arc<Account>, parts: &[&[u8]], ends: bool) -> Receiving {
        let parts = parts.iter().map(|part| Bytes::copy_from_slice(part)).collect();
        let body = Body::new(Parts { parts, ends });
        Receiving::new(body, account.clone(), Duration::from_secs(10))
    }

    fn message(length: u32, present: usize) -> Vec<u8> {
        [&[0], &length.to_be_bytes()[..], &vec![7; present]].concat()
    }

    #[tokio::test]
    async fn a_message_counts_until_it_has_arrived_however_it_is_cut() {
        let all = [message(3, 3), message(0, 0), message(10, 10), message(10, 10)].concat();
        for size in [1, 2, 4, 7, all.len()] {
            let account = account(10);
            let parts: Vec<_> = all.chunks(size).collect();
            let got = receiving(&account, &parts, true).collect().await.unwrap();
            assert_eq!(got.to_bytes(), all, "parts of {size}");
            assert_eq!(account.receive(10), Ok(()));
        }
    }

    #[tokio::test]
    async fn a_message_too_many_is_refused_and_room_comes_back() {
        let account = account(10);
        let (half, whole) = (message(6, 1), message(6, 6));
        let mut first = receiving(&account, &[&half], false);
        first.frame().await.unwrap().unwrap();
        let refused = receiving(&account, &[&whole], true).collect().await.unwrap_err();
        assert_eq!(refused.code(), Code::ResourceExhausted);
        drop(first);
        receiving(&account, &[&whole], true).collect().await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_first_message_that_stops_ends_the_call_and_a_later_one_does_not() {
        for parts in [vec![], vec![message(6, 1)]] {
            let account = account(10);
            let parts: Vec<_> = parts.iter().map(Vec::as_slice).collect();
            let stopped = receiving(&account, &parts, false).collect().await.unwrap_err();
            assert_eq!(stopped.code(), Code::DeadlineExceeded);
        }
        let account = account(10);
        let body = receiving(&account, &[&message(3, 3), &message(6, 1)], false);
        let day = Duration::from_secs(86400);
        assert!(tokio::time::timeout(day, body.collect()).await.is_err());
    }
}
