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

#[test]
fn a_cache_is_for_mgrd_alone() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (old, new) = (dir.path().join("old"), dir.path().join("new"));
    std::fs::create_dir(&old).unwrap();
    std::fs::set_permissions(&old, std::fs::Permissions::from_mode(0o755)).unwrap();
    file::close_to_others(&old).unwrap();
    file::replace(&new.join("m.json"), b"{}").unwrap();
    assert_eq!((mode(&old), mode(&new), mode(&new.join("m.json"))), (0o700, 0o700, 0o600));
}
