use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let wanted = || "modules:cluster".to_owned();
    assert_errors!(AccountError {
        NotRoot: AccountError::NotRoot { wanted: wanted() };
        NoUser: AccountError::NoUser { wanted: wanted(), user: "modules".into() };
        NoGroup: AccountError::NoGroup { wanted: wanted(), group: "cluster".into() };
        System: AccountError::System { wanted: wanted(), source: io::Error::from_raw_os_error(5) };
        Silent: AccountError::Silent { wanted: wanted(), limit: Duration::from_secs(5) };
    });
}
