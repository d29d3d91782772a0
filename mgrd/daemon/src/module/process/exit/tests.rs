use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(Refusal {
        CannotRun: Refusal::CannotRun;
        ProtocolMismatch: Refusal::ProtocolMismatch;
    });
    assert_errors!(Exit {
        Status: Exit::Status(1);
        Signal: Exit::Signal(9);
        Exceeded: Exit::Exceeded(Exceeded::Memory { used: 300, limit: 256 });
        OutOfMemory: Exit::OutOfMemory(OutOfMemory::Killed { used: None, limit: None });
        Unknown: Exit::Unknown(Errno::ECHILD);
    });
}
