use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let json = || serde_json::from_str::<u64>("x").unwrap_err();
    let base64 = || BASE64.decode("?").unwrap_err();
    assert_errors!(LineError {
        NoHeader: LineError::NoHeader(json());
        UnknownFormat: LineError::UnknownFormat { format: FORMAT.into(), version: 9 };
        NoEntry: LineError::NoEntry(json());
        NoSingleValue: LineError::NoSingleValue;
        Base64: LineError::Base64(base64());
        Repeated: LineError::Repeated;
        Incomplete: LineError::Incomplete { keys: 12 };
        Surplus: LineError::Surplus;
        NoChecksum: LineError::NoChecksum;
        Changed: LineError::Changed;
    });
}
