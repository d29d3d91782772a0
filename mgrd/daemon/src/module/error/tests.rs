use mgrd_snapshots::assert_errors;

use super::*;

#[test]
fn texts() {
    let (module, prefix) = (|| "hello".to_owned(), || "hello greet".to_owned());
    let (method, reason) = (|| "greet".to_owned(), || "killed by SIGKILL".to_owned());
    let refused = || io::Error::from_raw_os_error(28);
    let timeout = Duration::from_secs(30);
    let secret = || DebugError::Secret(refused());
    let gone = || ManifestError::FolderGone("/srv/modules/hello".into());
    assert_errors!(ExecuteError {
        NotEnabled: ExecuteError::NotEnabled { module: module(), prefix: prefix() };
        Broken: ExecuteError::Broken { module: module(), reason: reason() };
        Died: ExecuteError::Died { module: module(), prefix: prefix(), reason: reason() };
        Busy: ExecuteError::Busy { module: module(), limit: 256 };
        TimedOut: ExecuteError::TimedOut { module: module(), prefix: prefix(), timeout };
        OutputTooLarge: ExecuteError::OutputTooLarge { prefix: prefix(), limit: 64 << 20 };
    });
    assert_errors!(CallError {
        NotRunning: CallError::NotRunning { module: module(), reason: "it is not enabled".into() };
        NoMethod: CallError::NoMethod { module: module(), method: method() };
        Raised: CallError::Raised("ValueError: out of apples".into());
        TimedOut: CallError::TimedOut { module: module(), method: method(), timeout };
        Died: CallError::Died { module: module(), method: method(), reason: reason() };
        Busy: CallError::Busy { module: module(), limit: 256 };
        TooDeep: CallError::TooDeep { chain: vec!["a".into(), "b".into()], limit: 2 };
        Encoding: CallError::Encoding { module: module(), encoding: "pickle".into() };
    });
    assert_errors!(ModuleError {
        NoName: ModuleError::NoName;
        Unknown: ModuleError::Unknown("helo".into());
        CannotRun: ModuleError::CannotRun { module: module(), reason: "no numpy".into() };
        NoSuchModule: ModuleError::NoSuchModule("helo".into());
        NotEnabled: ModuleError::NotEnabled(module());
        EnabledSet: ModuleError::EnabledSet(EnabledSetError::NotStored("disk full".into()));
        Spawner: ModuleError::Spawner(io::Error::from_raw_os_error(11));
        Debug: ModuleError::Debug { module: module(), source: secret() };
        ShuttingDown: ModuleError::ShuttingDown;
    });
    assert_errors!(DebugError {
        Manifest: DebugError::Manifest(Arc::new(gone()));
        Secret: secret();
        SecretFile:
            DebugError::SecretFile { path: "/run/mgrd/hello.secret".into(), source: refused() };
    });
    assert_errors!(AttachError {
        Secret: AttachError::Secret(SecretError::Unknown);
        AlreadyAttached: AttachError::AlreadyAttached(module());
    });
}
