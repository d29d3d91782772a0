use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    assert_errors!(NothingToForget of [NothingToForget("ceph".into())]);
}
