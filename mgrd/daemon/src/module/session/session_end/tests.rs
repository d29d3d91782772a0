use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn an_end_that_was_asked_for_is_no_error_of_the_module() {
    for (end, errno) in [
        (SessionEnd::ProcessEnded(Exit::Status(0)), Errno::EIO),
        (SessionEnd::Unhealthy("did not answer".into()), Errno::EIO),
        (SessionEnd::Closed, Errno::EIO),
        (SessionEnd::Described, Errno::EIO),
        (SessionEnd::Restarted, Errno::EINTR),
        (SessionEnd::Disabled, Errno::EINTR),
        (SessionEnd::DebuggingBegan, Errno::EINTR),
        (SessionEnd::DebuggingEnded, Errno::EINTR),
        (SessionEnd::ManagerEnded, Errno::EINTR),
    ] {
        assert_eq!((end.errno(), end.is_asked()), (errno, errno == Errno::EINTR), "{end}");
    }
}

#[test]
fn texts() {
    assert_errors!(SessionEnd {
        ProcessEnded: SessionEnd::ProcessEnded(Exit::Status(1));
        Unhealthy: SessionEnd::Unhealthy("did not answer a ping for 60 s".into());
        Closed: SessionEnd::Closed;
        Described: SessionEnd::Described;
        Restarted: SessionEnd::Restarted;
        Disabled: SessionEnd::Disabled;
        DebuggingBegan: SessionEnd::DebuggingBegan;
        ManagerEnded: SessionEnd::ManagerEnded;
        DebuggingEnded: SessionEnd::DebuggingEnded;
    });
}
