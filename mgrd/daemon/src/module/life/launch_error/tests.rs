use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let program = || "./hello".to_owned();
    assert_errors!(LaunchError {
        Spawn: LaunchError::Spawn { program: program(), source: io::Error::from_raw_os_error(2) };
        Watch: LaunchError::Watch { program: program(), source: io::Error::from_raw_os_error(24) };
        Secret: LaunchError::Secret { program: program(), source: io::Error::from_raw_os_error(24) };
    });
}
