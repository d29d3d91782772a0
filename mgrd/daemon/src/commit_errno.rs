//! The error number of a write that the storage refuses. The storage itself does not know commands.

use mgrd_command::Errno;
use mgrd_storage::{CommitError, StorageFault};

/// The error number that clients see.
pub(crate) fn commit_errno(error: &CommitError) -> Errno {
    match error {
        CommitError::PreconditionFailed { .. } | CommitError::Closed => Errno::EAGAIN,
        CommitError::KeyTooLong { .. } => Errno::EINVAL,
        CommitError::TooLarge { .. } => Errno::EFBIG,
        CommitError::NoRoom { .. } | CommitError::Fault(StorageFault::Full { .. }) => Errno::ENOSPC,
        CommitError::Fault(
            StorageFault::Write { .. }
            | StorageFault::Displaced { .. }
            | StorageFault::Unexpected { .. },
        ) => Errno::EIO,
        CommitError::Fault(StorageFault::Fenced { .. }) | CommitError::Standby { .. } => {
            Errno::EROFS
        }
    }
}

#[cfg(test)]
mod tests;
