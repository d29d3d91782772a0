use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let path = || PathBuf::from("/srv/backup");
    assert_errors!(DraftError {
        Exists: DraftError::Exists(path());
        NotAFile: DraftError::NotAFile(path());
        Io: DraftError::Io { path: path(), source: io::Error::from_raw_os_error(28) };
        Unsynced: DraftError::Unsynced { path: path(), source: io::Error::from_raw_os_error(5) };
    });
}
