use mgrd_snapshots::assert_errors;

use mgrd_storage::CommitError;

use super::*;
use crate::authority::{Caller, Identity};
use crate::module::folder::FolderError;
use crate::module::life::RunEnd;
use crate::module::process::Exit;

#[test]
fn texts() {
    let (module, prefix) = (|| "hello".to_owned(), || "hello greet".to_owned());
    let method = || "greet".to_owned();
    let end = || SessionEnd::ProcessEnded(Exit::Signal(9));
    let killed = || Arc::new(Reason::RunEnded(RunEnd::Exited(Exit::Signal(9))));
    let down = |next_try| Unavailable::Down { module: module(), reason: killed(), next_try };
    let refused = || io::Error::from_raw_os_error(28);
    let timeout = Duration::from_secs(30);
    let secret = || DebugError::Secret(refused());
    let gone = || ManifestError::FolderGone("/srv/modules/hello".into());
    let busy = || FolderError::Busy { folder: "/srv/modules/hello".into(), limit: 64 };
    let share = |caller| ShareTaken { module: module(), caller, limit: 128 };
    let of_client = || share(Caller::from(&Identity::default()));
    assert_errors!(ExecuteError {
        NotEnabled: ExecuteError::NotEnabled { module: module(), prefix: prefix() };
        Broken:
            ExecuteError::Broken { module: module(), reason: down(None) },
            ExecuteError::Broken { module: module(), reason: down(Some(timeout)) },
            ExecuteError::Broken {
                module: module(),
                reason: Unavailable::NotAttached { module: module() }
            },
            ExecuteError::Broken { module: module(), reason: Unavailable::Starting },
            ExecuteError::Broken { module: module(), reason: Unavailable::SessionEnded(end()) },
            ExecuteError::Broken {
                module: module(),
                reason: Unavailable::SessionEnded(SessionEnd::Disabled)
            };
        Died:
            ExecuteError::Died { module: module(), prefix: prefix(), end: end() },
            ExecuteError::Died { module: module(), prefix: prefix(), end: SessionEnd::Restarted };
        Busy: ExecuteError::Busy { module: module(), limit: 256 };
        Share: ExecuteError::Share(of_client());
        TimedOut: ExecuteError::TimedOut { module: module(), prefix: prefix(), timeout };
        Overdue: ExecuteError::Overdue { module: module(), prefix: prefix(), limit: timeout };
        OutputTooLarge: ExecuteError::OutputTooLarge { prefix: prefix(), limit: 64 << 20 };
    });
    assert_errors!(CallError {
        NotRunning:
            CallError::NotRunning {
                module: module(),
                reason: Unavailable::Disabled { module: module() }
            },
            CallError::NotRunning { module: module(), reason: Unavailable::NoSuchModule };
        NoMethod: CallError::NoMethod { module: module(), method: method() };
        Raised: CallError::Raised("ValueError: out of apples".into());
        TimedOut: CallError::TimedOut { module: module(), method: method(), timeout };
        Died:
            CallError::Died { module: module(), method: method(), end: end() },
            CallError::Died { module: module(), method: method(), end: SessionEnd::Disabled };
        Busy: CallError::Busy { module: module(), limit: 256 };
        Share: CallError::Share(share(Caller::module("greedy")));
        TooDeep: CallError::TooDeep { chain: vec!["a".into(), "b".into()], limit: 2 };
        Encoding: CallError::Encoding { module: module(), encoding: "pickle".into() };
    });
    assert_errors!(ModuleError {
        NoName: ModuleError::NoName;
        NameTooLong: ModuleError::NameTooLong { bytes: 500_000, limit: 255 };
        TooManyAbsent: ModuleError::TooManyAbsent { limit: 256 };
        Unknown: ModuleError::Unknown("helo".into());
        CannotLoad: ModuleError::CannotLoad {
            module: module(),
            reason: Arc::new(Reason::NotLoaded("module.py:2: SyntaxError: expected ':'".into()))
        };
        CannotLoadYet: ModuleError::CannotLoadYet {
            module: module(),
            reason: Arc::new(Reason::Manifest(Arc::new(ManifestError::Folder(busy()))))
        };
        CannotRun: ModuleError::CannotRun {
            module: module(),
            reason: Arc::new(Reason::Declared("no numpy".into()))
        };
        NoSuchModule: ModuleError::NoSuchModule("helo".into());
        NotEnabled: ModuleError::NotEnabled(module());
        Debugged: ModuleError::Debugged(module());
        NoProcess: ModuleError::NoProcess { module: module(), state: ModuleState::Disabled };
        EnabledSet: ModuleError::EnabledSet(EnabledSetError::NotStored(CommitError::Closed));
        Spawner: ModuleError::Spawner(io::Error::from_raw_os_error(11));
        Debug: ModuleError::Debug { module: module(), source: secret() };
        Limits: ModuleError::Limits { module: module(), source: CommitError::Closed };
        ShuttingDown: ModuleError::ShuttingDown;
    });
    assert_errors!(DebugError {
        Manifest: DebugError::Manifest(Arc::new(gone()));
        Account: DebugError::Account(Arc::new(AccountError::NotRoot { wanted: "nobody".into() }));
        Login: DebugError::Login(Arc::new(LoginError::Capabilities {
            user: "nobody".into(), missing: "CAP_KILL".into()
        }));
        Secret: secret();
        SecretFile:
            DebugError::SecretFile { path: "/run/mgrd/hello.secret".into(), source: refused() };
    });
    assert_errors!(AttachError {
        Secret: AttachError::Secret(SecretError::Unknown);
        AlreadyAttached: AttachError::AlreadyAttached(module());
    });
}
