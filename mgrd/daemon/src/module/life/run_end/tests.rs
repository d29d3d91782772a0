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
    let no_sdk = || {
        let exec = ["python3", "-m", "mgrd.runner"].map(str::to_owned).to_vec();
        let manifest = crate::module::folder::Manifest { exec, ..Default::default() };
        NoSdk::found(&manifest, &["No module named mgrd".to_owned()]).unwrap()
    };
    assert_errors!(RunEnd {
        Exited: RunEnd::Exited(Exit::Status(1)), RunEnd::Exited(Exit::Signal(9));
        Unhealthy: RunEnd::Unhealthy(Complaint::SessionEnded);
        NoSdk: RunEnd::NoSdk(no_sdk());
        NotStarted: RunEnd::NotStarted(launch());
        CannotRun: RunEnd::CannotRun(manifest());
        CannotLaunch: RunEnd::CannotLaunch(launch());
        Postponed: RunEnd::Postponed(PostponeReason::Stopping);
    });
    assert_errors!(PostponeReason {
        Manifest: PostponeReason::Manifest(manifest());
        Launch: PostponeReason::Launch(launch());
        Survivor: PostponeReason::Survivor { pid: 7 };
        Stopping: PostponeReason::Stopping;
    });
}
