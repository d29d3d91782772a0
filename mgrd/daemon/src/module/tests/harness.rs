//! Modules made of shell scripts, and sessions held by the test instead of the module.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use mgrd_storage::CommitError;
use tempfile::TempDir;

use crate::authority::RunIdentity;
use crate::module::{
    Attached, BoxFuture, Config, Declaration, EnabledSet, EnabledSetError, FromModule, Hello,
    KeptLimits, Limits, ModuleStatus, Modules, Most, OtherLimits, ToModule,
};
use crate::module::{ModuleState, PeerProcess};
use crate::module_limits::{Limit, Settings};
use crate::store::StoreLimits;

/// How long a shutdown may take.
pub(crate) const GRACE: Duration = Duration::from_secs(20);

/// Kills a process.
pub(crate) fn kill(pid: u32) {
    let pid = nix::unistd::Pid::from_raw(pid.cast_signed());
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGKILL).unwrap();
}

impl Modules {
    /// One module as listings show it.
    pub(crate) fn get(&self, name: &str) -> Option<ModuleStatus> {
        self.list().into_iter().find(|module| module.name == name)
    }
}

/// A place with modules, and a supervisor of them.
pub(crate) struct Place {
    pub(crate) dir: TempDir,
    pub(crate) limits: Limits,
    pub(crate) saved: Saved,
    pub(crate) limited: Limited,
}

#[derive(Clone, Default)]
pub(crate) struct Saved(pub(crate) Arc<parking_lot::Mutex<Option<BTreeSet<String>>>>);

impl EnabledSet for Saved {
    fn load(&self) -> BoxFuture<'_, Result<Option<BTreeSet<String>>, EnabledSetError>> {
        Box::pin(async { Ok(self.0.lock().clone()) })
    }
    fn save(&self, enabled: BTreeSet<String>) -> BoxFuture<'_, Result<(), EnabledSetError>> {
        Box::pin(async {
            *self.0.lock() = Some(enabled);
            Ok(())
        })
    }
}

/// The limits that operators have set.
#[derive(Clone, Default)]
pub(crate) struct Limited {
    kept: Arc<parking_lot::Mutex<BTreeMap<String, Settings>>>,
    /// Whether nothing can be stored.
    pub(crate) is_broken: Arc<AtomicBool>,
}

impl KeptLimits for Limited {
    fn load(&self) -> BTreeMap<String, Settings> {
        self.kept.lock().clone()
    }
    fn save(&self, module: &str, settings: Settings) -> BoxFuture<'_, Result<(), CommitError>> {
        if self.is_broken.load(Relaxed) {
            return Box::pin(async { Err(CommitError::Closed) });
        }
        self.kept.lock().insert(module.to_owned(), settings);
        Box::pin(async { Ok(()) })
    }
}

/// What `rpc` and the store keep, without a configuration.
fn other_limits() -> OtherLimits {
    let defaults = StoreLimits::default().settings().with(Limit::Connections, Some(16));
    let most = |limit, value, setting| Most { limit, value, setting };
    let most = vec![
        most(Limit::Connections, 4096, "limits.connection.all_module_connections"),
        most(Limit::StoreBytes, 512 << 20, "limits.of_a_test"),
    ];
    OtherLimits { values: defaults.clone(), defaults, most }
}

/// A module that keeps its secret where the test finds it, and then runs.
pub(crate) const ATTACHES: &str =
    "umask 077; cat $MGRD_SECRET_FILE > .secret.new; mv .secret.new .secret.$$; exec sleep 1000";

impl Place {
    pub(crate) fn new() -> Self {
        let mut limits = Limits::default();
        limits.life.shutdown_grace = Duration::from_millis(100);
        limits.process.term_grace = Duration::from_millis(100);
        limits.life.session_end_grace = Duration::from_millis(100);
        limits.life.backoff_first = Duration::from_millis(10);
        limits.life.ping_interval = Duration::from_millis(20);
        limits.life.describe_timeout = Duration::from_secs(5);
        Self {
            dir: tempfile::tempdir().unwrap(),
            limits,
            saved: Saved::default(),
            limited: Limited::default(),
        }
    }

    pub(crate) fn folder(&self, name: &str) -> PathBuf {
        self.dir.path().join("modules").join(name)
    }

    /// A module that is the shell script `script`.
    pub(crate) fn module(&self, name: &str, script: &str) {
        let folder = self.folder(name);
        std::fs::create_dir_all(&folder).unwrap();
        let text = format!(
            "#!/bin/sh\nif [ $MGRD_PURPOSE = describe ]; then cat $MGRD_SECRET_FILE > /dev/null; \
             exit 3; fi\n{script}\n"
        );
        std::fs::write(folder.join("run.sh"), text).unwrap();
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder.join("run.sh"), mode).unwrap();
        let manifest = "[module]\nexec = [\"/bin/sh\", \"run.sh\"]\n";
        std::fs::write(folder.join("module.toml"), manifest).unwrap();
    }

    pub(crate) async fn start(&self, enabled: &[&str]) -> Modules {
        let config = Config {
            module_path: vec![self.dir.path().join("modules")],
            data_dir: self.dir.path().join("data"),
            runtime_dir: self.dir.path().to_owned(),
            limits: self.limits.clone(),
            other_limits: other_limits(),
            ..Config::default()
        };
        let enabled = enabled.iter().map(|name| (*name).to_owned()).collect();
        let (saved, limited) = (Box::new(self.saved.clone()), Box::new(self.limited.clone()));
        Modules::start(config, saved, limited, enabled).await.unwrap()
    }

    /// The run of the module's running process, once that has its secret.
    pub(crate) async fn run(&self, modules: &Modules, name: &str) -> RunIdentity {
        let secret = || {
            let pid = modules.get(name)?.pid;
            let path = self.folder(name).join(format!(".secret.{pid}"));
            Some((pid, std::fs::read_to_string(path).ok()?))
        };
        let (pid, secret) = eventually("a process that has its secret", secret).await;
        let uid = nix::unistd::getuid().as_raw();
        modules.authenticate(&secret, &PeerProcess::of(pid.cast_signed()), uid).unwrap()
    }

    /// A session of the module that said ready.
    pub(crate) async fn attach(&self, modules: &Modules, name: &str) -> Attached {
        let run = self.run(modules, name).await;
        let attached = modules.attach(run, hello()).await.unwrap();
        attached.deliver(FromModule::Ready).await;
        state(modules, name, ModuleState::Running).await;
        attached
    }
}

/// Waits until `ready` gives something. Fails the test if that takes too long.
pub(crate) async fn eventually<T>(what: &str, mut ready: impl FnMut() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(value) = ready() {
                return value;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let waited = tokio::time::timeout(GRACE, wait).await;
    waited.unwrap_or_else(|_| panic!("waited {GRACE:?} in vain for {what}"))
}

pub(crate) fn hello() -> Hello {
    let declaration = Declaration {
        can_run: true,
        notify_types: vec!["osd_map".into()],
        ..Declaration::default()
    };
    Hello { declaration, ..Hello::default() }
}

/// Waits until the module is in `state`.
pub(crate) async fn state(modules: &Modules, name: &str, state: ModuleState) {
    let mut events = modules.subscribe();
    while modules.get(name).unwrap().state != state {
        let _ = tokio::time::timeout(Duration::from_secs(20), events.recv())
            .await
            .unwrap_or_else(|_| panic!("still {:?}", modules.get(name)));
    }
}

/// The next message that is not a ping.
pub(crate) async fn next(attached: &Attached) -> Option<ToModule> {
    loop {
        match attached.next().await {
            Some(ToModule::Ping { seq }) => {
                let pong = FromModule::Pong { seq, busy: Duration::ZERO, busy_with: String::new() };
                attached.deliver(pong).await;
            }
            other => return other,
        }
    }
}

/// Waits until there is no process `pid`, reaped and all.
pub(crate) async fn gone(pid: i32) {
    let path = format!("/proc/{pid}/stat");
    let dead = || match std::fs::read_to_string(Path::new(&path)) {
        // A grandchild is reaped by init, which may take its time: a zombie is dead enough.
        Ok(stat) => stat.contains(") Z "),
        Err(_) => true,
    };
    eventually("the end of the process", || dead().then_some(())).await;
}
