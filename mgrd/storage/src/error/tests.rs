use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let name = || "/var/lib/mgrd/mgrd.redb".to_owned();
    let cause = || std::io::Error::from_raw_os_error(5);
    let write = || StorageFault::Write { name: name(), source: Cause::new(cause()) };
    assert_errors!(BackendError of [BackendError::new(cause())]);
    assert_errors!(LeaseLost of [LeaseLost::new(cause())]);
    assert_errors!(StorageFault {
        Full: StorageFault::Full { name: name() };
        Write: write();
        Displaced: StorageFault::Displaced { name: name() };
        Unexpected: StorageFault::Unexpected { name: name() };
        Fenced: StorageFault::Fenced { name: name(), held: 3, current: 4 };
    });
    assert_errors!(CommitError {
        PreconditionFailed: CommitError::PreconditionFailed { key: "store/hello/name".into() };
        KeyTooLong: CommitError::KeyTooLong { start: "store/hello/aaaa".into(), limit: 1024 };
        TooLarge: CommitError::TooLarge { bytes: 80_000_000, limit: 67_108_864 };
        NoRoom: CommitError::NoRoom { name: name(), bytes: 40_000_000 };
        Fault: CommitError::Fault(write());
        Standby:
            CommitError::Standby { active: None },
            CommitError::Standby { active: Some("x".into()) };
        Closed: CommitError::Closed;
    });
}
