use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let refused = || io::Error::from_raw_os_error(5);
    let path = || std::path::PathBuf::from("/var/lib/mgrd/mgrd.redb");
    let json = || serde_json::from_str::<u64>("x").unwrap_err();
    let base64 = || BASE64.decode("?").unwrap_err();
    assert_errors!(ArchiveError {
        File: ArchiveError::File(FileError::Missing { path: path() });
        Read: ArchiveError::Read(refused());
        Write: ArchiveError::Write(refused());
        Line: ArchiveError::Line { line: 3, source: LineError::Repeated };
        NotEmpty: ArchiveError::NotEmpty { keys: 12 };
        Import: ArchiveError::Import(StorageFault::Full { place: path().display().to_string() });
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
