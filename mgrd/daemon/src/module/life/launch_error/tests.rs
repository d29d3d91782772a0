use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let program = || "./hello".to_owned();
    assert_errors!(LaunchError {
        Spawn: LaunchError::Spawn(SpawnError::Busy { program: program(), limit: 16 });
        Account: LaunchError::Account(AccountError::NotRoot { wanted: "nobody".into() });
        Watch: LaunchError::Watch { program: program(), source: io::Error::from_raw_os_error(24) };
        Secret: LaunchError::Secret { program: program(), source: io::Error::from_raw_os_error(24) };
    });
}

#[test]
fn what_passes_does_not_count_against_the_module() {
    let (program, limit) = (|| "./hello".to_owned(), std::time::Duration::from_secs(5));
    let system = |number| SpawnError::System {
        program: program(),
        source: io::Error::from_raw_os_error(number),
    };
    for (error, passing) in [
        (SpawnError::Silent { program: program(), limit }, true),
        (SpawnError::Busy { program: program(), limit: 16 }, true),
        (system(nix::libc::EMFILE), true),
        (system(nix::libc::ENOENT), false),
    ] {
        let error = LaunchError::from(error);
        assert_eq!(error.is_passing(), passing, "{error}");
    }
}
