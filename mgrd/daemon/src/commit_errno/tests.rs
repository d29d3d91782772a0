use mgrd_storage::Cause;

use super::*;

#[test]
fn each_refusal_has_the_number_that_clients_know() {
    let name = || "/x".to_owned();
    let full = StorageFault::Full { name: name() };
    let write = StorageFault::Write { name: name(), source: Cause::new(std::fmt::Error) };
    let fenced = StorageFault::Fenced { name: name(), held: 1, current: 2 };
    for (error, expected) in [
        (CommitError::PreconditionFailed { key: "a".into() }, Errno::EAGAIN),
        (CommitError::Closed, Errno::EAGAIN),
        (CommitError::KeyTooLong { start: "a".to_owned(), limit: 1 }, Errno::EINVAL),
        (CommitError::TooLarge { bytes: 2, limit: 1 }, Errno::EFBIG),
        (CommitError::NoRoom { name: name(), bytes: 2 }, Errno::ENOSPC),
        (CommitError::Fault(full), Errno::ENOSPC),
        (CommitError::Fault(write), Errno::EIO),
        (CommitError::Fault(StorageFault::Displaced { name: name() }), Errno::EIO),
        (CommitError::Fault(StorageFault::Unexpected { name: name() }), Errno::EIO),
        (CommitError::Fault(fenced), Errno::EROFS),
        (CommitError::Standby { active: None }, Errno::EROFS),
    ] {
        assert_eq!(commit_errno(&error), expected, "{error}");
    }
}
