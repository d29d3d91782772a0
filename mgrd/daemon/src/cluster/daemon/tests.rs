use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(NotADaemon of [NotADaemon("osd".into())]);
}
