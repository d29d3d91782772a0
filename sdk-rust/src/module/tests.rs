use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(CannotRun of [CannotRun::from("there is no network")]);
}
