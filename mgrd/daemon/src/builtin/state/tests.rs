use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(Missing of [Missing("osd_map")]);
}
