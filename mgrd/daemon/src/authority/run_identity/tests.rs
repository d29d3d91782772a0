use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(SecretError {
        Unknown: SecretError::Unknown;
        WrongProcess: SecretError::WrongProcess { pid: 7 };
        WrongUser: SecretError::WrongUser { uid: 1000 };
    });
}
