//! The registry of modules, and what the parts that run them share.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot, watch};

use super::enabled_modules::EnabledModules;
use super::input::Input;
use super::module::{Described, Module};
use super::module_state::ModuleEvent;
use super::supervisor_message::SupervisorMessage;
use crate::module::commands::LeftOut;
use crate::module::config::Config;
use crate::module::enabled::EnabledSet;
use crate::module::folder::{Folders, Manifest, ManifestError};
use crate::module::kept_limits::KeptLimits;
use crate::module::limits::Limits;
use crate::module::process::{Accounts, LiveRuns, Spawner};
use crate::module::session::{Hello, Session};
use crate::module_limits::ModuleLimits;

/// How many modules that operators wait for are described at the same time.
const WANTED_DESCRIBERS: u32 = 16;

/// The records of all modules, and what the parts that run them share.
pub(in crate::module) struct Shared {
    pub(in crate::module) config: Config,
    pub(in crate::module) limits: Limits,
    pub(in crate::module) folders: Folders,
    pub(in crate::module) spawner: Spawner,
    pub(in crate::module) accounts: Accounts,
    pub(in crate::module) live_runs: LiveRuns,
    modules: RwLock<BTreeMap<String, Arc<Module>>>,
    to_supervisor: mpsc::Sender<SupervisorMessage>,
    pub(in crate::module) events: broadcast::Sender<ModuleEvent>,
    /// Counts changes of what modules offer, or of which are enabled.
    pub(in crate::module) version: watch::Sender<u64>,
    pub(in crate::module) enabled: Arc<EnabledModules>,
    /// The limits that are set for modules alone.
    pub(in crate::module) own: Arc<ModuleLimits>,
    /// Where those of operators are kept.
    pub(in crate::module) kept_limits: Box<dyn KeptLimits>,
    /// Locked while an operator sets limits.
    pub(in crate::module) limiting: tokio::sync::Mutex<()>,
    /// On a standby: the modules that the active manager has enabled.
    pub(in crate::module) followed: tokio::sync::Mutex<BTreeSet<String>>,
    /// By module, the commands that it does not get because another has them. The router writes it.
    pub(in crate::module) conflicts: RwLock<BTreeMap<String, Vec<LeftOut>>>,
    /// Describing runs that wait for a hello, by run id.
    pub(in crate::module) describing: Mutex<HashMap<u64, oneshot::Sender<Hello>>>,
    pub(in crate::module) describers: Semaphore,
    /// The same for those that an operator waits for.
    pub(in crate::module) wanted_describers: Semaphore,
    pub(in crate::module) shutting_down: watch::Sender<bool>,
    pub(in crate::module) finished: watch::Sender<bool>,
}

impl Shared {
    /// Starts the thread that starts processes. The receiver is for the supervisor.
    ///
    /// # Errors
    ///
    /// If that thread cannot start.
    pub(in crate::module) fn new(
        config: Config,
        enabled: BTreeSet<String>,
        enabled_set: Box<dyn EnabledSet>,
        kept_limits: Box<dyn KeptLimits>,
    ) -> io::Result<(Self, mpsc::Receiver<SupervisorMessage>)> {
        let (to_supervisor, messages) = mpsc::channel(1024);
        let limits = config.limits.clone();
        let own = Arc::<ModuleLimits>::default();
        own.set_operator(kept_limits.load());
        let (path, runtimes) = (config.module_path.clone(), config.runtimes.clone());
        let shared = Self {
            folders: Folders::new(path, runtimes, limits.folder),
            describers: Semaphore::new(limits.life.describe_concurrency.max(1) as usize),
            wanted_describers: Semaphore::new(WANTED_DESCRIBERS as usize),
            spawner: Spawner::start(&limits.process)?,
            accounts: Accounts::new(limits.process.spawns, limits.process.spawn_timeout),
            limits,
            config,
            live_runs: LiveRuns::default(),
            modules: RwLock::default(),
            to_supervisor,
            events: broadcast::Sender::new(1024),
            version: watch::Sender::new(0),
            enabled: Arc::new(EnabledModules::new(enabled, enabled_set)),
            own,
            kept_limits,
            limiting: tokio::sync::Mutex::default(),
            followed: tokio::sync::Mutex::default(),
            conflicts: RwLock::default(),
            describing: Mutex::default(),
            shutting_down: watch::Sender::new(false),
            finished: watch::Sender::new(false),
        };
        Ok((shared, messages))
    }

    /// One module.
    pub(in crate::module) fn module(&self, name: &str) -> Option<Arc<Module>> {
        self.modules.read().get(name).cloned()
    }

    /// All modules, in the order of their names.
    pub(in crate::module) fn all(&self) -> Vec<Arc<Module>> {
        self.modules.read().values().cloned().collect()
    }

    /// Does something with each module that has a session.
    pub(in crate::module) fn for_each_session(&self, act: impl Fn(&Session)) {
        for module in self.modules.read().values() {
            if let Some(session) = &*module.session.lock() {
                act(session);
            }
        }
    }

    /// Looks for modules that were added since, and forgets those that are gone. Waits no longer
    /// than `patience` for a folder that does not answer.
    pub(in crate::module) async fn rescan(&self, patience: Duration) -> Vec<Arc<Module>> {
        let found = self.folders.discover(patience).await;
        self.forget_gone().await;
        let mut modules = self.modules.write();
        let mut added = Vec::new();
        for (name, found) in found {
            let own = self.own.of(&name);
            modules.entry(name).or_insert_with(|| {
                let module = Arc::new(Module::new(found, Arc::clone(&self.enabled), own));
                added.push(Arc::clone(&module));
                module
            });
        }
        added
    }

    /// Forgets the modules that are disabled and whose folder was removed.
    pub(in crate::module) async fn forget_gone(&self) {
        let gone = async |module: Arc<Module>| self.is_gone(&module).await.then_some(module);
        let gone = join_all(self.all().into_iter().map(gone)).await;
        let mut forgotten = false;
        for module in gone.into_iter().flatten() {
            let mut modules = self.modules.write();
            // It may have been enabled meanwhile.
            let same = modules.get(&module.name).is_some_and(|known| Arc::ptr_eq(known, &module));
            if same && module.is_idle() {
                modules.remove(&module.name);
                forgotten = true;
            }
        }
        if forgotten {
            self.changed();
        }
    }

    /// Whether nothing is left of the module: it is disabled, and its folder was removed.
    pub(in crate::module) async fn is_gone(&self, module: &Module) -> bool {
        module.is_idle() && self.folders.is_gone(&module.folder).await
    }

    /// Reads again how to run a module.
    pub(in crate::module) async fn read_manifest(
        &self,
        module: &Module,
    ) -> Result<Arc<Manifest>, Arc<ManifestError>> {
        let manifest = self.folders.manifest(&module.folder).await;
        let manifest = manifest.map(Arc::new).map_err(Arc::new);
        module.set_manifest(&manifest);
        manifest
    }

    /// Records what a module offers. What the module said in a run meanwhile is newer, and is kept.
    pub(in crate::module) fn set_described(&self, module: &Module, described: Described) {
        let recorded = module.described.send_if_modified(|known| {
            let unknown = !known.is_known();
            if unknown {
                *known = described;
            }
            unknown
        });
        if recorded {
            self.changed();
        }
    }

    /// Waits until no module is being described.
    pub(in crate::module) async fn until_none_is_described(&self) {
        let all = self.limits.life.describe_concurrency.max(1);
        // They are never closed.
        let _ = self.describers.acquire_many(all).await;
        let _ = self.wanted_describers.acquire_many(WANTED_DESCRIBERS).await;
    }

    /// Waits until the modules must end.
    pub(in crate::module) async fn shutting_down(&self) {
        // The sender lives as long as this does.
        let _ = self.shutting_down.subscribe().wait_for(|now| *now).await;
    }

    /// Asks the supervisor for something, and waits until it has acted.
    pub(in crate::module) async fn request(&self, module: &str, input: Input) {
        let (done, acted) = oneshot::channel();
        let message = SupervisorMessage::Request { module: module.to_owned(), input, done };
        if self.to_supervisor.send(message).await.is_ok() {
            let _ = acted.await;
        }
    }

    /// Waits until the supervisor answers, or has ended after a shutdown.
    pub(in crate::module) async fn supervisor_answers(&self) {
        let (done, answered) = oneshot::channel();
        let sent = self.to_supervisor.send(SupervisorMessage::Probe { done }).await.is_ok();
        if sent && answered.await.is_ok() {
            return;
        }
        // After a panic it has neither answered nor finished.
        let _ = self.finished.subscribe().wait_for(|finished| *finished).await;
    }

    /// Reports to the supervisor what happened in a run.
    pub(in crate::module) async fn report(&self, module: &str, run: u64, input: Input) {
        let message = SupervisorMessage::FromRun { module: module.to_owned(), run, input };
        // The supervisor is gone only when the manager ends.
        let _ = self.to_supervisor.send(message).await;
    }

    /// Asks the supervisor to end all modules.
    pub(in crate::module) async fn shut_down(&self) {
        self.shutting_down.send_replace(true);
        let _ = self.to_supervisor.send(SupervisorMessage::Shutdown).await;
    }

    /// Asks the supervisor to kill the processes that are left.
    pub(in crate::module) async fn kill(&self) {
        let _ = self.to_supervisor.send(SupervisorMessage::Kill).await;
    }

    /// What modules offer, or which of them are enabled, has changed.
    pub(in crate::module) fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
