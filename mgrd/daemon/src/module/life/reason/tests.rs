use mgrd_snapshots::assert_errors;

use super::*;
use crate::module::process::AccountError;

#[test]
fn texts() {
    let manifest = || ManifestError::FolderGone("/srv/modules/hello".into());
    let own = || "ValueError: no such pool 'rbd'".to_owned();
    assert_errors!(Reason {
        RunEnded: Reason::RunEnded(RunEnd::CannotRun(Arc::new(manifest())));
        Refusal: Reason::Refusal(Refusal::CannotRun);
        NoFolder: Reason::NoFolder;
        Manifest: Reason::Manifest(Arc::new(manifest()));
        Launch: Reason::Launch(Arc::new(LaunchError::Account(AccountError::NotRoot {
            wanted: "nobody".into(),
        })));
        NotDescribed: Reason::NotDescribed(Arc::new(DescribeError::Manifest(Arc::new(manifest()))));
        NotLoaded: Reason::NotLoaded("/m/hello/module.py:2: SyntaxError: expected ':'".into());
        Declared: Reason::Declared(own());
        HelloRefused: Reason::HelloRefused(own());
        WorkFailed: Reason::WorkFailed(own());
        Unhealthy: Reason::Unhealthy(Complaint::SessionEnded);
        NotReady: Reason::NotReady(Duration::from_secs(30));
    });
}
