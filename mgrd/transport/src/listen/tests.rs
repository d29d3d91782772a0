use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let address = || Address::from("/run/mgrd/mgrd.sock");
    assert_errors!(ListenError {
        TooLong: ListenError::TooLong { path: PathBuf::from("/run/a/long/path/mgrd.sock"), limit: 107 };
        InUse: ListenError::InUse { address: address() };
        Io: ListenError::Io { address: address(), source: io::Error::from_raw_os_error(13) };
    });
}
