use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let path = || PathBuf::from("/srv/backup");
    assert_errors!(DraftError {
        Exists: DraftError::Exists(path());
        NotAFile: DraftError::NotAFile(path());
        Io:
            DraftError::Io { path: path(), source: io::Error::from_raw_os_error(28) },
            DraftError::Io { path: path(), source: io::Error::from_raw_os_error(2) },
            DraftError::Io { path: path(), source: io::Error::from_raw_os_error(13) },
            DraftError::Io { path: path(), source: io::Error::from_raw_os_error(5) };
        Unsynced: DraftError::Unsynced { path: path(), source: io::Error::from_raw_os_error(5) };
    });
}
