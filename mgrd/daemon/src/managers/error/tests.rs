use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(IdInUse of [IdInUse("x".into())]);
    assert_errors!(UnknownManager of [UnknownManager("y".into())]);
}
