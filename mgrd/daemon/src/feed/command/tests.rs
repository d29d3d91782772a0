use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let feed = || "ceph".to_owned();
    assert_errors!(ClusterCommandError {
        NoExecutor: ClusterCommandError::NoExecutor;
        Busy: ClusterCommandError::Busy { feed: feed(), limit: 256 };
        Share: ClusterCommandError::Share {
            feed: feed(), caller: Caller::module("greedy"), limit: 128
        };
        Gone: ClusterCommandError::Gone(feed());
        Timeout: ClusterCommandError::Timeout { feed: feed(), after: Duration::from_secs(30) };
    });
}
