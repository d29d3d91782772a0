use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(SessionEnd {
        ProcessEnded: SessionEnd::ProcessEnded(Exit::Status(1));
        Unhealthy: SessionEnd::Unhealthy("did not answer a ping for 60 s".into());
        Closed: SessionEnd::Closed;
        Described: SessionEnd::Described;
        DebuggingEnded: SessionEnd::DebuggingEnded;
    });
}
