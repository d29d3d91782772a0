use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(BadLine of [BadLine { number: 3, line: "debug".to_owned() }]);
}
