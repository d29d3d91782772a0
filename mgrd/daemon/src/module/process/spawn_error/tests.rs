use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let program = || "./hello".to_owned();
    let source = || io::Error::from_raw_os_error(2);
    assert_errors!(SpawnError {
        Silent: SpawnError::Silent { program: program(), limit: Duration::from_secs(5) };
        Busy: SpawnError::Busy { program: program(), limit: 16 };
        System: SpawnError::System { program: program(), source: source() };
        Login: SpawnError::Login(LoginError::Folder {
            path: "/var/lib/mgrd/modules/hello".into(),
            user: "nobody".into(),
            source: source(),
        });
        Step: SpawnError::Step(StepError::sample(source()));
    });
}
