//! The body of a call while it arrives: the bytes of its messages count, the first message must
//! arrive without a long pause, and a large message is passed on in parts of its own.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use mgrd_command::{CommandError, Errno};
use parking_lot::Mutex;
use tokio::time::{Instant, Sleep, sleep};
use tonic::body::Body;
use tonic::{Code, Status};

use super::peer_usage::{PeerUsage, TooManyBytes};
use super::status::{self, StatusCode};
use crate::limits_reached::reached;
use crate::module::TooLong;
use mgrd_proto::MAX_MESSAGE_BYTES;
use mgrd_proto::codec::is_large;

/// A message is preceded by whether it is compressed, and by its length.
const PREFIX: usize = 5;

/// The body of a call.
pub(super) struct Receiving {
    body: Body,
    /// What of the body arrived and is not passed on.
    rest: Bytes,
    messages: Messages,
    pause: Duration,
    /// Runs until the first message is complete.
    idle: Option<Pin<Box<Sleep>>>,
}

/// Why a message is not received.
#[derive(Debug, thiserror::Error)]
enum Refused {
    /// It is too long for its call.
    #[error(
        "a message of {bytes} bytes is too long for this call: {limit} are allowed \
         (limits.connection.request_bytes); send less"
    )]
    TooLong {
        /// Its bytes.
        bytes: usize,
        /// How many it may have.
        limit: usize,
    },
    /// It is too long for its module.
    #[error(transparent)]
    OfModule(#[from] TooLong),
    /// Its sender sends too much at a time.
    #[error(transparent)]
    TooMany(#[from] TooManyBytes),
}

impl Refused {
    /// The limit that is the reason.
    fn limit(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "limits.connection.request_bytes",
            Self::OfModule(_) => "limits.module.message_bytes",
            Self::TooMany(_) => "limits.connection.receiving_bytes",
        }
    }
}

impl CommandError for Refused {
    fn errno(&self) -> Errno {
        match self {
            Self::TooLong { .. } | Self::OfModule(_) => Errno::EFBIG,
            Self::TooMany(_) => Errno::EAGAIN,
        }
    }
}

impl StatusCode for Refused {
    fn code(&self) -> Code {
        Code::ResourceExhausted
    }
}

/// How long each message of a call may be.
#[derive(Clone, Debug)]
pub(super) enum Longest {
    /// As long as the call allows.
    Call(usize),
    /// As long as this module may send.
    Module(String, usize),
    /// As long as any: the session looks at the length of each, so that one that is too long ends only
    /// what waits for it.
    Session(Arc<Lengths>),
}

/// The lengths of the messages of a session as they arrive, with what no decoder knows, until the session
/// reads them.
#[derive(Debug, Default)]
pub(super) struct Lengths(Mutex<VecDeque<usize>>);

impl Lengths {
    /// The length of the message that was read now.
    pub(super) fn next(&self) -> usize {
        self.0.lock().pop_front().unwrap_or_default()
    }
}

impl Longest {
    fn check(&self, bytes: usize) -> Result<(), Refused> {
        match self {
            // The code that reads the prefix next refuses a longer one.
            Self::Call(MAX_MESSAGE_BYTES..) => Ok(()),
            Self::Call(limit) if bytes > *limit => Err(Refused::TooLong { bytes, limit: *limit }),
            Self::Call(_) => Ok(()),
            Self::Module(module, limit) => Ok(TooLong::check(module, bytes, *limit)?),
            Self::Session(lengths) => {
                lengths.0.lock().push_back(bytes);
                Ok(())
            }
        }
    }
}

/// Where one message ends and the next begins.
struct Messages {
    usage: Arc<PeerUsage>,
    longest: Longest,
    prefix: [u8; PREFIX],
    known: usize,
    /// The bytes of the current message that have not arrived.
    left: usize,
    /// The bytes of it that count for its sender.
    charged: usize,
    complete: bool,
}

impl Receiving {
    /// The body of a call whose messages may be so long.
    pub(super) fn new(
        body: Body,
        usage: Arc<PeerUsage>,
        longest: Longest,
        pause: Duration,
    ) -> Self {
        let messages = Messages {
            usage,
            longest,
            prefix: [0; PREFIX],
            known: 0,
            left: 0,
            charged: 0,
            complete: false,
        };
        Self { body, rest: Bytes::new(), messages, pause, idle: None }
    }

    /// The next part of what has arrived.
    fn part(&mut self) -> Result<Frame<Bytes>, Status> {
        let mut part = std::mem::take(&mut self.rest);
        let bytes = self.messages.pass(&part).map_err(|error| status::of(&error))?;
        self.rest = part.split_off(bytes);
        Ok(Frame::data(part))
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
        if !me.rest.is_empty() {
            return Poll::Ready(Some(me.part()));
        }
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
        Poll::Ready(Some(match frame.into_data() {
            Ok(data) => {
                me.rest = data;
                me.part()
            }
            Err(frame) => Ok(frame),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }
}

impl Messages {
    /// Follows the bytes that arrive, up to where a large message begins or ends; returns how many.
    /// The buffer for a large message is made when its prefix has arrived, and then holds nothing else.
    fn pass(&mut self, data: &[u8]) -> Result<usize, Refused> {
        let mut passed = 0;
        while passed < data.len() {
            let data = &data[passed..];
            let was_large = is_large(self.charged);
            if self.known < PREFIX {
                let part = data.len().min(PREFIX - self.known);
                self.prefix[self.known..][..part].copy_from_slice(&data[..part]);
                self.known += part;
                passed += part;
                if self.known == PREFIX {
                    self.begin().inspect_err(|error| reached(&self.usage.caller, error.limit()))?;
                }
            } else {
                let part = data.len().min(self.left);
                self.left -= part;
                passed += part;
            }
            if self.known == PREFIX && self.left == 0 {
                self.end();
            }
            if is_large(self.charged) != was_large {
                break;
            }
        }
        Ok(passed)
    }

    fn begin(&mut self) -> Result<(), Refused> {
        let [_, length @ ..] = self.prefix;
        self.left = u32::from_be_bytes(length) as usize;
        self.longest.check(self.left)?;
        // The code that reads the prefix next refuses a longer one.
        if self.left <= MAX_MESSAGE_BYTES {
            self.usage.receive(self.left)?;
            self.charged = self.left;
        }
        Ok(())
    }

    fn end(&mut self) {
        self.usage.received(std::mem::take(&mut self.charged));
        self.known = 0;
        self.complete = true;
    }
}

impl Drop for Messages {
    fn drop(&mut self) {
        self.usage.received(self.charged);
    }
}

#[cfg(test)]
mod tests;
