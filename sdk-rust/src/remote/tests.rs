use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let text = || "module 'b' is not running; see mgr module ls".to_owned();
    assert_errors!(RemoteError {
        NoModule: RemoteError::NoModule(text());
        NoMethod: RemoteError::NoMethod(text());
        Raised: RemoteError::Raised(text());
        TimedOut: RemoteError::TimedOut(text());
        Died: RemoteError::Died(text());
        Cycle: RemoteError::Cycle(text());
        Denied: RemoteError::Denied(text());
        Host: RemoteError::Host(tonic::Status::not_found(text()).into());
    });
}
