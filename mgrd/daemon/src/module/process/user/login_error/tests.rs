use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let (path, user) = (|| PathBuf::from("/var/lib/mgrd/modules/hello"), || "nobody".to_owned());
    let source = || io::Error::from_raw_os_error(95);
    let nul = || std::ffi::CString::new("a\0b").unwrap_err();
    assert_errors!(LoginError {
        Folder: LoginError::Folder { path: path(), user: user(), source: io::Error::from_raw_os_error(30) };
        Owner: LoginError::Owner { path: path(), owner: 0, user: user(), uid: 65534, gid: 65534 };
        Foreign: LoginError::Foreign {
            path: "/var/lib/mgrd".into(), owner: 990, user: user(), command: "chown 0 /var/lib/mgrd".into()
        };
        Writable: LoginError::Writable { path: "/var/lib/mgrd".into(), user: user() };
        Replaceable: LoginError::Replaceable {
            path: "/srv/mgrd/data".into(), above: "/srv/mgrd".into(), user: user()
        };
        Capabilities: LoginError::Capabilities { user: user(), missing: "CAP_KILL".into() };
        Untrusted: LoginError::Untrusted { path: "/srv/modules/hello/module.toml".into(), owner: 990 };
        Reach: LoginError::Reach { path: path(), user: user(), source: source() };
        Path: LoginError::Path { path: "a\0b".into(), source: nul() };
    });
}
