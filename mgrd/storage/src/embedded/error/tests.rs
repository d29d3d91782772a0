use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let path = || PathBuf::from("/var/lib/mgrd/mgrd.redb");
    let lock = || PathBuf::from("/var/lib/mgrd/lock");
    let refused = || io::Error::from_raw_os_error(13);
    assert_errors!(LockError of [LockError { path: lock(), source: refused() }]);
    assert_errors!(LockLost of [LockLost { path: lock() }]);
    assert_errors!(FileError {
        Missing: FileError::Missing { path: path() };
        Locked: FileError::Locked { path: path() };
        Damaged: FileError::Damaged { path: path(), source: Damage::Truncated };
        Newer: FileError::Newer { path: path(), found: 9, known: 2 };
        Full: FileError::Full { path: path() };
        Io: FileError::Io { path: path(), source: refused() };
    });
    assert_errors!(Damage {
        Empty: Damage::Empty;
        Truncated: Damage::Truncated;
        Inconsistent: Damage::Inconsistent;
        Foreign: Damage::Foreign;
        Database: Damage::Database(Cause::new(refused()));
    });
}
