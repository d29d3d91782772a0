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
        Unknown: Exit::Unknown(Errno::ECHILD);
    });
}
