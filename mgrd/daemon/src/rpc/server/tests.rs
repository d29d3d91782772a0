use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let bad = tonic::transport::Endpoint::from_shared("a b").unwrap_err();
    assert_errors!(ServeError {
        Transport: ServeError::Transport(bad);
        Accept: ServeError::Accept {
            address: "/run/mgrd/mgrd.sock".into(),
            source: std::io::Error::from_raw_os_error(24),
        };
    });
}
