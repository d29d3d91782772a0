use mgrd_snapshots::assert_errors;

use super::*;
use crate::embedded::FileError;
use crate::error::StorageFault;

#[test]
fn texts() {
    let refused = || io::Error::from_raw_os_error(5);
    let name = "/var/lib/mgrd/mgrd.redb";
    let missing = || FileError::Missing { path: name.into() };
    let full = StorageFault::Full { name: name.to_owned() };
    assert_errors!(ArchiveError {
        Backend: ArchiveError::Backend(BackendError::new(missing()));
        Read: ArchiveError::Read(refused());
        Write: ArchiveError::Write(refused());
        Line: ArchiveError::Line { line: 3, source: LineError::Repeated };
        NotEmpty: ArchiveError::NotEmpty { keys: 12 };
        Import: ArchiveError::Import(BackendError::new(full));
    });
}

#[test]
fn fuzz_export() {
    mgrd_fuzz::fuzz("export", |input| match check_export(input) {
        Ok(report) => assert!(report.bytes <= input.len()),
        Err(why) => assert!(!why.to_string().is_empty()),
    });
}
