//! The life of `mgrd`: from its settings to its end, on one page.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use nix::fcntl::{Flock, FlockArg};
use parking_lot::Mutex;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;
use tracing::{error, info};

use crate::cluster::Cluster;
use crate::command::DescriptorError;
use crate::command::builtin::{cluster_commands, config, config_key, module, state};
use crate::config::Settings;
use crate::feed::{FeedError, Feeds, Pace, RecordingError, Replay};
use crate::health::Health;
use crate::host::{Host, ManagerMap, StoredEnabledSet, own_metadata, tell_own_options, watch};
use crate::metrics;
use crate::module::{Config, ModuleError, Modules, Role, Runtimes};
use crate::options::Options;
use crate::router::{Builtins, Router};
use crate::rpc::{ListenError, Listener, serve};
use crate::storage::{EmbeddedStorage, OpenError, Storage};
use crate::store::Store;

/// The file that holds storage, inside the data directory.
pub const STORAGE_FILE: &str = "mgrd.redb";

/// Why `mgrd` does not start, or ended.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum DaemonError {
    #[error("cannot use the data directory {}: {source}", path.display())]
    DataDir { path: PathBuf, source: std::io::Error },
    #[error(
        "another mgrd uses the data directory {}; stop it, or choose another one with --data-dir",
        .0.display()
    )]
    Locked(PathBuf),
    #[error(transparent)]
    Storage(#[from] OpenError),
    #[error(transparent)]
    Recording(#[from] RecordingError),
    #[error(transparent)]
    Feed(#[from] FeedError),
    #[error(transparent)]
    Listen(#[from] ListenError),
    #[error(transparent)]
    Modules(#[from] ModuleError),
    #[error("a built-in command is declared wrongly: {0}")]
    Builtin(#[from] DescriptorError),
    #[error("cannot serve: {0}")]
    Serve(#[from] tonic::transport::Error),
    #[error("cannot serve metrics on {address}: {source}; choose another address with --metrics")]
    Metrics { address: std::net::SocketAddr, source: std::io::Error },
    #[error("cannot watch for signals: {0}")]
    Signals(std::io::Error),
}

/// Runs until a signal asks for the end, or something that must not end does.
///
/// # Errors
///
/// Why it could not start, or why it ended by itself.
pub async fn run(settings: Settings) -> Result<(), DaemonError> {
    let mut asked = asked_to_end()?;
    let _lock = lock(&settings)?;
    let replay = load_replay(&settings).await?;
    let storage: Arc<dyn Storage> =
        Arc::new(EmbeddedStorage::open(&settings.data_dir.join(STORAGE_FILE))?);
    let public = Listener::bind(&settings.socket)?;
    let private = Listener::bind(&private_socket(&settings))?;
    let paths = [public.path().to_owned(), private.path().to_owned()];

    let host = assemble(settings, storage, private.path().to_owned()).await?;
    let mut tasks = watch(&host);
    if let Some((replay, pace)) = replay {
        play(&host, replay, pace, &mut tasks)?;
    }
    if let Some(address) = host.settings.metrics {
        let metrics = metrics::serve(host.clone(), address).await;
        tasks.spawn(metrics.map_err(|source| DaemonError::Metrics { address, source })?);
    }
    info!(id = host.id, socket = %public.path().display(), "mgrd is active");

    let mut serving = tokio::spawn(serve(host.clone(), vec![public, private]));
    let ended = tokio::select! {
        served = &mut serving => served.map_or(Ok(()), |served| served.map_err(Into::into)),
        () = asked.recv() => Ok(()),
    };
    info!("ending");
    // Sessions end first, from this side: a server with open streams would never be done.
    host.modules.shutdown(host.settings.limits.shutdown_grace).await;
    serving.abort();
    tasks.shutdown().await;
    // The listeners do this, too, but nobody waits for the tasks that hold them.
    paths.iter().for_each(|path| drop(std::fs::remove_file(path)));
    ended
}

/// SIGTERM and SIGINT.
struct Asked {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

impl Asked {
    async fn recv(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

fn asked_to_end() -> Result<Asked, DaemonError> {
    let watch = |kind| signal(kind).map_err(DaemonError::Signals);
    Ok(Asked {
        terminate: watch(SignalKind::terminate())?,
        interrupt: watch(SignalKind::interrupt())?,
    })
}

/// Makes the data directory this process's own, until the lock is dropped.
fn lock(settings: &Settings) -> Result<Flock<std::fs::File>, DaemonError> {
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    let path = settings.data_dir.clone();
    let failed = |source| DaemonError::DataDir { path: path.clone(), source };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&path).map_err(failed)?;
    let mut options = std::fs::OpenOptions::new();
    let file = options.write(true).create(true).truncate(false).mode(0o600);
    let file = file.open(path.join("lock")).map_err(failed)?;
    Flock::lock(file, FlockArg::LockExclusiveNonblock).map_err(|(_, why)| match why {
        nix::errno::Errno::EWOULDBLOCK => DaemonError::Locked(path.clone()),
        why => failed(why.into()),
    })
}

async fn load_replay(settings: &Settings) -> Result<Option<(Replay, Pace)>, DaemonError> {
    let Some((path, pace)) = settings.replay.clone() else { return Ok(None) };
    let loaded = tokio::task::spawn_blocking(move || Replay::load(&path)).await;
    // The task ends with the runtime only, and then nobody asks.
    loaded.map_or(Ok(None), |replay| Ok(Some((replay?, pace))))
}

/// The socket that modules dial: beside the public one, with this process's number in its name.
fn private_socket(settings: &Settings) -> PathBuf {
    let name = |pid: &str| format!("{}.{pid}.sock", settings.id);
    // A manager that was killed could not remove its own.
    for entry in settings.socket.parent().and_then(|dir| dir.read_dir().ok()).into_iter().flatten()
    {
        let Ok(entry) = entry else { continue };
        let file = entry.file_name().to_string_lossy().into_owned();
        let pid = file.strip_prefix(&settings.id).and_then(|rest| rest.strip_prefix('.'));
        let pid = pid.and_then(|rest| rest.strip_suffix(".sock"));
        let dead = |pid: &&str| pid.parse::<u32>().is_ok() && !process_exists(pid);
        if pid.filter(dead).is_some() {
            // Whether it is there or not makes no difference to anybody.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    settings.socket.with_file_name(name(&std::process::id().to_string()))
}

fn process_exists(pid: &str) -> bool {
    std::path::Path::new("/proc").join(pid).exists()
}

/// Puts the parts together. Modules start here; they find a server a moment later.
async fn assemble(
    settings: Settings,
    storage: Arc<dyn Storage>,
    socket: PathBuf,
) -> Result<Arc<Host>, DaemonError> {
    let cluster = Cluster::default();
    let health = Health::new(cluster.clone());
    let whole = Arc::new(OnceLock::<std::sync::Weak<Host>>::new());
    let later = whole.clone();
    let notifier = Arc::new(move |kind: &str, id| {
        if let Some(host) = later.get().and_then(std::sync::Weak::upgrade) {
            host.notify(kind, id);
        }
    });
    let feeds = Feeds::new(cluster.clone(), health.clone(), notifier, settings.limits.feed);
    let options = Options::new(storage.clone(), &settings.id);
    tell_own_options(&options.schemas, &settings);
    let store = Store::new(storage.clone());
    let enabled = Box::new(StoredEnabledSet(storage.clone()));
    let initially = settings.initial_modules.iter().cloned().collect::<BTreeSet<_>>();
    let modules = Modules::start(module_config(&settings, socket), enabled, initially).await?;
    let metadata = own_metadata(&settings.id);
    let shown = state::State {
        cluster: cluster.clone(),
        health: health.clone(),
        feeds: feeds.clone(),
        metadata: metadata.clone(),
    };
    let builtins = Builtins::default()
        .add(&Arc::new(shown), cluster_commands())?
        .add(&Arc::new(modules.clone()), module::COMMANDS)?
        .add(&Arc::new(options.clone()), config::COMMANDS)?
        .add(&Arc::new(store.clone()), config_key::COMMANDS)?;
    let router = Router::new(builtins, modules.clone());
    let id = settings.id.clone();
    let manager_map = ManagerMap::new(&id, storage.epoch(), cluster.clone(), modules.clone());
    let host = Arc::new(Host {
        id,
        settings,
        role: Role::Active,
        cluster,
        health,
        feeds,
        options,
        store,
        storage,
        modules,
        router,
        manager_map,
        metadata,
        flushed: Mutex::new(0),
    });
    // Set once, here.
    let _ = whole.set(Arc::downgrade(&host));
    host.declare();
    host.refresh_config();
    Ok(host)
}

fn module_config(settings: &Settings, socket: PathBuf) -> Config {
    let beside = std::env::current_exe().ok().and_then(|exe| exe.parent().map(PathBuf::from));
    let runtime_dir = settings.socket.parent().map(PathBuf::from).unwrap_or_default();
    Config {
        module_path: settings.module_path.clone(),
        data_dir: settings.data_dir.clone(),
        runtime_dir,
        socket,
        runtimes: Runtimes {
            python: settings.python.to_string_lossy().into_owned(),
            bin_dir: beside.unwrap_or_default(),
        },
        role: Role::Active,
        always_on: Vec::new(),
        env: Vec::new(),
        policy: settings.limits.module.clone(),
    }
}

/// Plays the recording beside everything else.
fn play(
    host: &Arc<Host>,
    replay: Replay,
    pace: Pace,
    tasks: &mut JoinSet<()>,
) -> Result<(), DaemonError> {
    let feed = replay.start(&host.feeds)?;
    host.refresh_config();
    host.modules.constants_changed();
    tasks.spawn(async move {
        if let Err(why) = replay.play(feed, pace).await {
            error!("the recording ended: {why}");
        }
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::config::Cli;

    #[test]
    fn the_limits_reach_the_modules() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("mgrd.toml");
        std::fs::write(&file, "[limits.module]\nping_interval = 0.25\n").unwrap();
        let cli = Cli::try_parse_from(["mgrd", "--config", file.to_str().unwrap()]).unwrap();
        let settings = cli.settings().unwrap();
        let config = module_config(&settings, PathBuf::new());
        assert_eq!(config.policy.ping_interval.as_millis(), 250);
    }
}
