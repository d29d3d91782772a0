use mgrd_snapshots::assert_errors;

use super::*;
use crate::module::process::SpawnError;

#[test]
fn texts() {
    let manifest = || Arc::new(ManifestError::FolderGone("/srv/modules/hello".into()));
    let launch = || {
        let source = std::io::Error::from_raw_os_error(2);
        Arc::new(LaunchError::Spawn(SpawnError::System { program: "./hello".into(), source }))
    };
    assert_errors!(RunEnd {
        Exited: RunEnd::Exited(Exit::Status(1)), RunEnd::Exited(Exit::Signal(9));
        NotStarted: RunEnd::NotStarted(launch());
        CannotRun: RunEnd::CannotRun(manifest());
        Postponed: RunEnd::Postponed(PostponeReason::Stopping);
    });
    assert_errors!(PostponeReason {
        Manifest: PostponeReason::Manifest(manifest());
        Launch: PostponeReason::Launch(launch());
        Stopping: PostponeReason::Stopping;
    });
}
