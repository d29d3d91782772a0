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
    let json = || serde_json::from_str::<u64>("x").unwrap_err();
    let base64 = || BASE64.decode("?").unwrap_err();
    assert_errors!(ArchiveError {
        Backend: ArchiveError::Backend(BackendError::new(missing()));
        Read: ArchiveError::Read(refused());
        Write: ArchiveError::Write(refused());
        Line: ArchiveError::Line { line: 3, source: LineError::Repeated };
        NotEmpty: ArchiveError::NotEmpty { keys: 12 };
        Import: ArchiveError::Import(BackendError::new(full));
    });
    assert_errors!(LineError {
        NoHeader: LineError::NoHeader(json());
        UnknownFormat: LineError::UnknownFormat { format: FORMAT.into(), version: 9 };
        NoEntry: LineError::NoEntry(json());
        NoSingleValue: LineError::NoSingleValue;
        Base64: LineError::Base64(base64());
        Repeated: LineError::Repeated;
        Incomplete: LineError::Incomplete { keys: 12 };
    });
}
