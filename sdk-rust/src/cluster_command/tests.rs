use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let outcome = Outcome { retval: -16, stderr: "in use".into(), ..Outcome::default() };
    assert_errors!(CommandError {
        Failed: CommandError::Failed { command: "osd pool rm".into(), outcome };
        Host: CommandError::Host(tonic::Status::not_found("no feed is connected").into());
    });
}
