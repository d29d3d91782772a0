//! Errors on the wire: a gRPC status with Ceph's errno in its metadata.

use mgrd_command::{CommandError, Errno};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

use crate::authority::Denied;
use crate::cluster::ProgressError;
use crate::feed::FeedError;
use crate::managers::Managers;
use crate::module::{AttachError, CallError};

/// The trailing metadata that holds the positive errno.
const ERRNO: &str = "mgrd-errno";

/// Clients refuse more than 8 KiB of trailers by default.
const MESSAGE_BYTES: usize = 7 << 10;

/// A status for `error`, whose code follows from its errno.
pub(super) fn of(error: &impl CommandError) -> Status {
    with_errno(code(error.errno()), error.to_string(), error.errno())
}

/// A status with an errno in its metadata.
pub(super) fn with_errno(code: Code, message: impl Into<String>, errno: Errno) -> Status {
    let mut metadata = MetadataMap::new();
    metadata.insert(ERRNO, MetadataValue::from(errno as i32));
    Status::with_metadata(code, fitting(message.into()), metadata)
}

/// A message that every gRPC client takes; of a longer one, such as a traceback through several
/// modules, the end, which says most.
fn fitting(message: String) -> String {
    let mut room = MESSAGE_BYTES;
    for (at, c) in message.char_indices().rev() {
        // On the wire it is percent-encoded.
        let bytes = if c.is_ascii_alphanumeric() { 1 } else { 3 * c.len_utf8() };
        match usize::checked_sub(room, bytes) {
            Some(left) => room = left,
            None => return format!("… {}", &message[at + c.len_utf8()..]),
        }
    }
    message
}

pub(super) fn invalid(message: impl Into<String>) -> Status {
    with_errno(Code::InvalidArgument, message, Errno::EINVAL)
}

fn code(errno: Errno) -> Code {
    match errno {
        Errno::ENOENT => Code::NotFound,
        Errno::EPERM | Errno::EACCES => Code::PermissionDenied,
        Errno::EAGAIN | Errno::EBUSY => Code::Unavailable,
        Errno::EEXIST => Code::AlreadyExists,
        Errno::EINVAL | Errno::ERANGE => Code::InvalidArgument,
        Errno::EFBIG | Errno::ENOSPC => Code::ResourceExhausted,
        Errno::ENOTSUP => Code::Unimplemented,
        Errno::ETIMEDOUT => Code::DeadlineExceeded,
        Errno::ECANCELED | Errno::EINTR => Code::Cancelled,
        Errno::EROFS => Code::FailedPrecondition,
        Errno::EIO => Code::Internal,
    }
}

/// Waits until this manager ends its role. The status ends the stream of a client.
pub(super) async fn ending(managers: &Managers) -> Status {
    managers.ending().await;
    let id = &managers.active().id;
    Status::unavailable(format!("manager '{id}' is ending or steps down; connect again"))
}

/// The status of a remote call that returned no value.
pub(super) fn of_call(error: &CallError) -> Status {
    let (code, errno) = match error {
        CallError::NotRunning { .. } => (Code::NotFound, Errno::ENOENT),
        CallError::NoMethod { .. } => (Code::Unimplemented, Errno::ENOTSUP),
        CallError::Raised(_) => (Code::Unknown, Errno::EINVAL),
        CallError::TimedOut { .. } => (Code::DeadlineExceeded, Errno::ETIMEDOUT),
        CallError::Died { .. } => (Code::Unavailable, Errno::EIO),
        CallError::Busy { .. } => (Code::ResourceExhausted, Errno::EAGAIN),
        CallError::TooDeep { .. } => (Code::Aborted, Errno::EAGAIN),
        CallError::Encoding { .. } => (Code::InvalidArgument, Errno::EINVAL),
    };
    with_errno(code, error.to_string(), errno)
}

/// The status of a call that its caller may not make.
pub(super) fn of_denied(denied: &Denied) -> Status {
    let (code, errno) = match denied {
        Denied::NoSecret | Denied::BadSecret(_) => (Code::Unauthenticated, Errno::EACCES),
        Denied::OtherUser | Denied::ModuleProcess | Denied::OnlyDescribes { .. } => {
            (Code::PermissionDenied, Errno::EACCES)
        }
        Denied::OnStandby { .. } => (Code::FailedPrecondition, Errno::EROFS),
    };
    with_errno(code, denied.to_string(), errno)
}

/// The status of a hello that was refused.
pub(super) fn of_attach(error: &AttachError) -> Status {
    match error {
        AttachError::AlreadyAttached(_) => Status::already_exists(error.to_string()),
        _ => Status::unauthenticated(error.to_string()),
    }
}

/// The status for a progress event that was not taken in.
pub(super) fn of_progress(error: ProgressError) -> Status {
    match error {
        ProgressError::TooMany(_) => Status::resource_exhausted(error.to_string()),
        ProgressError::LongId(_) => Status::invalid_argument(error.to_string()),
    }
}

/// The status that ends a feed's connection.
pub(super) fn of_feed(error: &FeedError) -> Status {
    match error {
        FeedError::TakenOver(_) => Status::aborted(error.to_string()),
        FeedError::TooMany { .. } => Status::resource_exhausted(error.to_string()),
        _ => Status::invalid_argument(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
