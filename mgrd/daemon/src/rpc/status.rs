//! Errors on the wire: a gRPC status with Ceph's errno in its metadata.

use mgrd_command::{CommandError, Errno};
use tonic::metadata::{MetadataMap, MetadataValue};
use tonic::{Code, Status};

use crate::authority::Denied;
use crate::cluster::ProgressError;
use crate::feed::FeedError;
use crate::managers::{IdInUse, Managers};
use crate::module::{AttachError, CallError, ModuleError, TooLong};
use crate::options::OptionError;
use crate::store::StoreError;

/// The trailing metadata that holds the positive errno.
const ERRNO: &str = "mgrd-errno";

/// Clients refuse more than 8 KiB of trailers by default.
const MESSAGE_BYTES: usize = 7 << 10;

/// An error that ends a call. Its gRPC code follows from its errno, except where clients of gRPC
/// expect another one.
pub(super) trait StatusCode: CommandError {
    fn code(&self) -> Code {
        code(self.errno())
    }
}

/// The status of a call that ends with `error`.
pub(super) fn of(error: &impl StatusCode) -> Status {
    with_errno(error.code(), error.to_string(), error.errno())
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
        Errno::ENOENT | Errno::ESRCH => Code::NotFound,
        Errno::EPERM | Errno::EACCES => Code::PermissionDenied,
        Errno::EAGAIN | Errno::EBUSY => Code::Unavailable,
        Errno::EEXIST => Code::AlreadyExists,
        Errno::EINVAL | Errno::ERANGE => Code::InvalidArgument,
        Errno::E2BIG | Errno::EFBIG | Errno::ENOSPC => Code::ResourceExhausted,
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
    Status::unavailable(format!("manager '{id}' is no longer active; connect again"))
}

impl StatusCode for IdInUse {}
impl StatusCode for ModuleError {}
impl StatusCode for OptionError {}
impl StatusCode for ProgressError {}
impl StatusCode for StoreError {}
impl StatusCode for TooLong {}

impl StatusCode for Denied {
    fn code(&self) -> Code {
        match self {
            Self::NoSecret | Self::BadSecret(_) => Code::Unauthenticated,
            Self::OtherUser
            | Self::ModuleProcess
            | Self::OnlyDescribes { .. }
            | Self::OnlyOperators { .. }
            | Self::OnStandby { .. } => code(self.errno()),
        }
    }
}

impl StatusCode for AttachError {
    fn code(&self) -> Code {
        match self {
            Self::Secret(_) => Code::Unauthenticated,
            Self::AlreadyAttached(_) => code(self.errno()),
        }
    }
}

impl StatusCode for CallError {
    fn code(&self) -> Code {
        match self {
            Self::Raised(_) => Code::Unknown,
            Self::Died { .. } => Code::Unavailable,
            Self::Busy { .. } | Self::Share(_) => Code::ResourceExhausted,
            Self::TooDeep { .. } => Code::Aborted,
            Self::NotRunning { .. }
            | Self::NoMethod { .. }
            | Self::TimedOut { .. }
            | Self::Encoding { .. } => code(self.errno()),
        }
    }
}

impl StatusCode for FeedError {
    fn code(&self) -> Code {
        match self {
            Self::TakenOver(_) => Code::Aborted,
            Self::Name(_)
            | Self::NotJson { .. }
            | Self::NoChecks
            | Self::TooMany { .. }
            | Self::TooLarge { .. }
            | Self::OddName { .. }
            | Self::Taken { .. }
            | Self::Counters(_)
            | Self::Some { .. } => code(self.errno()),
        }
    }
}

#[cfg(test)]
mod tests;
