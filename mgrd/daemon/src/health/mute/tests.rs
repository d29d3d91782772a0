use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(NotRaised of [NotRaised("OSD_DOWN".into())]);
}
