use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let path = || PathBuf::from("/srv/backup.jsonl");
    let refused = || std::io::Error::from_raw_os_error(13);
    assert_errors!(ToolError {
        Open: ToolError::Open(FileError::Missing { path: path() });
        Archive: ToolError::Archive(ArchiveError::NotEmpty { keys: 12 });
        File: ToolError::File { path: path(), source: refused() };
        Write: ToolError::Write(refused());
    });
}
