use mgrd_snapshots::assert_errors;

use super::*;

#[tokio::test]
async fn texts() {
    let path = || PathBuf::from("/proc/self/fd/3");
    let unanswered = dial(&Address::from("/nonexistent/x.1.sock")).await.unwrap_err();
    assert_errors!(ConnectError {
        Environment: ConnectError::Environment("MGRD_SOCKET");
        Secret: ConnectError::Secret { path: path(), source: std::io::Error::from_raw_os_error(2) };
        SecretText: ConnectError::SecretText(path());
        Dial: ConnectError::Dial(unanswered);
    });
}
