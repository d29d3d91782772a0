use std::time::Duration;

use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let folder = || PathBuf::from("/var/lib/mgrd/described");
    let path = || folder().join("hello.json");
    let limit = Duration::from_secs(5);
    let full = || io::Error::from_raw_os_error(28);
    assert_errors!(CacheError {
        Folder: CacheError::Folder(FolderError::Silent { folder: folder(), limit });
        File: CacheError::File(FileError::NotText { path: path() });
        Parse: CacheError::Parse {
            path: path(),
            source: serde_json::from_str::<u8>("[").unwrap_err(),
        };
        Write: CacheError::Write { path: path(), source: full() };
    });
}
