use mgrd_snapshots::assert_errors;

use super::*;

#[tokio::test]
async fn texts() {
    let refused = dial(&Address::from("/nonexistent/mgrd.sock")).await.unwrap_err();
    assert_errors!(DialError of [refused]);
}
