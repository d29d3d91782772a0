//! Keeps messages within the size that the host reads. One that is larger would end the session.

use mgrd_proto::MAX_MESSAGE_BYTES;
use mgrd_proto::v1;
use mgrd_proto::v1::attach_request::Message;
use mgrd_proto::v1::remote_result;

use crate::Errno;

/// What a message has beside its content, at most.
const AROUND: usize = 1024;
/// The most bytes of a message.
pub(crate) const MOST: usize = MAX_MESSAGE_BYTES - AROUND;
/// The most bytes of one text that the host only logs or shows. It keeps no more of it, unless an
/// operator raises the limit.
const MOST_TEXT: usize = 64 << 10;

/// The message as the host can read it: instead of a result that has more than `most` bytes, an error
/// that says so.
pub(crate) fn fitting(message: Message, most: usize) -> Message {
    match message {
        Message::Failed(failed) => Message::Failed(v1::Failed {
            message: cut(failed.message),
            traceback: cut(failed.traceback),
        }),
        message => {
            let bytes = message.encoded_len();
            if bytes <= most { message } else { instead(message, bytes, most) }
        }
    }
}

fn instead(message: Message, bytes: usize, most: usize) -> Message {
    let why = |what: &str| {
        format!("{what} has {bytes} bytes, but a message to mgrd has room for {most}; return less")
    };
    match message {
        Message::CommandResult(v1::CommandResult { call_id, .. }) => {
            let stderr = why("the output");
            let outcome =
                v1::CommandOutcome { retval: -Errno::EFBIG.0, stderr, ..Default::default() };
            Message::CommandResult(v1::CommandResult { call_id, outcome: Some(outcome) })
        }
        Message::RemoteResult(v1::RemoteResult { call_id, .. }) => {
            let kind = v1::RemoteErrorKind::Raised.into();
            let error = v1::RemoteError { kind, message: why("the result of the method") };
            let result = Some(remote_result::Result::Error(error));
            Message::RemoteResult(v1::RemoteResult { call_id, result })
        }
        // No document has a name of such a length.
        Message::WatchDocuments(_) => Message::WatchDocuments(v1::WatchDocuments::default()),
        other => other,
    }
}

/// The beginning of a text that is only logged or shown, if it is long.
pub(crate) fn cut(mut text: String) -> String {
    if text.len() > MOST_TEXT {
        let bytes = text.len();
        let end = (0..=MOST_TEXT).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
        text.truncate(end);
        text.push_str(&format!("… ({bytes} bytes)"));
    }
    text
}

#[cfg(test)]
mod tests;
