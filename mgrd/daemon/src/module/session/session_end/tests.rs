use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(SessionEnd {
        ProcessEnded: SessionEnd::ProcessEnded(Exit::Status(1));
        Closed: SessionEnd::Closed;
        Described: SessionEnd::Described;
        DebuggingEnded: SessionEnd::DebuggingEnded;
    });
}
