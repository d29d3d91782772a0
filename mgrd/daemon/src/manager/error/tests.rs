use mgrd_snapshots::assert_errors;

use super::*;
use mgrd_command::{CommandSpec, Flags};

#[test]
fn texts() {
    let refused = || std::io::Error::from_raw_os_error(13);
    let tasks = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let cancelled = || {
        let task = tasks.spawn(std::future::pending::<()>());
        task.abort();
        tasks.block_on(task).unwrap_err()
    };
    let path = || PathBuf::from("/var/lib/mgrd");
    assert_errors!(ManagerError {
        DataDir: ManagerError::DataDir { path: path(), source: refused() };
        NotAFolder: ManagerError::NotAFolder { path: path(), file: path() };
        Backend: ManagerError::Backend(BackendError::new(refused()));
        Follow: ManagerError::Follow(FollowError::example());
        Recording: ManagerError::Recording(RecordingError::Empty(PathBuf::from("one.jsonl")));
        Feed: ManagerError::Feed(FeedError::TooMany { what: "feeds", limit: 64 });
        Listen: ManagerError::Listen(ListenError::InUse { address: "/run/m.sock".into() });
        Modules: ManagerError::Modules(ModuleError::ShuttingDown);
        Builtin: ManagerError::Builtin(
            CommandSpec::new("mgrd", "", "", "r", Flags::default()).unwrap_err()
        );
        Serve: ManagerError::Serve(ServeError::Accept {
            address: "/run/m.sock".into(),
            source: refused(),
        });
        Metrics: ManagerError::Metrics {
            address: ([127, 0, 0, 1], 9284).into(),
            source: std::io::Error::from_raw_os_error(98),
        };
        Signals: ManagerError::Signals(refused());
        Orphans: ManagerError::Orphans(refused());
        Threads: ManagerError::Threads(std::io::Error::from_raw_os_error(11));
        Broken: ManagerError::Broken(cancelled());
    });
}
