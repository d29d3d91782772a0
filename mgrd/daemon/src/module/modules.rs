//! The handle through which the rest of the daemon reaches the modules.

mod available;
mod calls;
mod debug;
mod enablement;
mod limiting;
mod sessions;
mod stacks;
mod standby;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::{broadcast, watch};
use tokio::time::timeout;

use super::commands::LeftOut;
use super::config::Config;
use super::enabled::EnabledSet;
use super::error::ModuleError;
use super::kept_limits::KeptLimits;
use super::life::{
    Described, Input, Module, ModuleEvent, Reason, Shared, Source, Supervisor, describe,
    load_cached,
};
use super::limits::Limits;
use super::status::{Declared, ModuleStatus};
use crate::text::visible;

/// All modules. Cheap to clone.
#[derive(Clone)]
pub struct Modules {
    pub(super) shared: Arc<Shared>,
}

impl Modules {
    /// Finds the modules, starts those that are enabled, and describes the others in the
    /// background. Needs the runtime. `initially` is the enabled set if none was ever saved.
    ///
    /// # Errors
    ///
    /// If the enabled set cannot be read or saved, or a thread cannot start.
    pub async fn start(
        config: Config,
        enabled_set: Box<dyn EnabledSet>,
        kept_limits: Box<dyn KeptLimits>,
        initially: BTreeSet<String>,
    ) -> Result<Self, ModuleError> {
        let saved = enabled_set.load().await?;
        if saved.is_none() && !initially.is_empty() {
            // A manager that takes over from this one finds them there.
            enabled_set.save(initially.clone()).await?;
        }
        let enabled = saved.unwrap_or(initially);
        let (shared, messages) = Shared::new(config, enabled.clone(), enabled_set, kept_limits)
            .map_err(ModuleError::Spawner)?;
        let shared = Arc::new(shared);
        let modules = Self { shared: Arc::clone(&shared) };
        shared.rescan(shared.limits.folder.first_read_timeout).await;
        Supervisor::start(Arc::clone(&shared), messages);
        for name in enabled {
            if shared.module(&name).is_some() {
                shared.request(&name, Input::Enable).await;
            } else {
                tracing::warn!(
                    module = name,
                    "the module is enabled, but no folder of the module path has it"
                );
            }
        }
        modules.warn_of_settings();
        modules.load_all_cached().await;
        Ok(modules)
    }

    fn warn_of_settings(&self) {
        for name in self.settings_without_module() {
            tracing::warn!(
                "[modules.{}] in the settings names a module that no folder of the module path has; correct \
                 the name, or the module that you mean runs without these settings",
                visible(&name)
            );
        }
        let users = &self.shared.config.users;
        if users.is_used() && users.all.is_none() && nix::unistd::geteuid().is_root() {
            tracing::warn!(
                "modules without a run_as of their own run as root; set run_as for all modules, and \
                 run_as = \"root\" for those that need it"
            );
        }
    }

    /// The names in `[modules.NAME]` that no module has.
    #[must_use]
    pub fn settings_without_module(&self) -> Vec<String> {
        let config = &self.shared.config;
        let names: BTreeSet<_> =
            config.users.own.keys().chain(config.sandboxes.own.keys()).cloned().collect();
        names.into_iter().filter(|name| self.shared.module(name).is_none()).collect()
    }

    /// Takes over the cached descriptions of all modules, so that their commands are there from the
    /// first moment. What is not cached, or takes long to read, is found out in the background.
    async fn load_all_cached(&self) {
        let load = |module: Arc<Module>| async move {
            let limit = self.shared.limits.folder.first_read_timeout;
            let loaded = timeout(limit, load_cached(&self.shared, &module)).await;
            if !loaded.unwrap_or(false) {
                self.describe(module, Source::CacheFirst);
            }
        };
        join_all(self.shared.all().into_iter().map(load)).await;
    }

    /// Waits until the loop that changes the life of modules answers. It returns at once after that
    /// loop has ended as it should.
    pub async fn supervisor_answers(&self) {
        self.shared.supervisor_answers().await;
    }

    /// The limits that modules are kept to.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// All modules, in the order of their names, and those that are enabled without a folder.
    #[must_use]
    pub fn list(&self) -> Vec<ModuleStatus> {
        let mut all: BTreeMap<String, ModuleStatus> =
            self.shared.enabled.names().into_iter().map(ModuleStatus::absent).collect();
        let found = self.shared.all();
        all.extend(found.iter().map(|module| (module.name.clone(), ModuleStatus::of(module))));
        let run_as = |name: &str| self.shared.config.users.of(name).map(ToString::to_string);
        let complete = |status: ModuleStatus| ModuleStatus {
            run_as: run_as(&status.name),
            sandbox: self.shared.config.sandboxes.of(&status.name),
            ..status
        };
        all.into_values().map(complete).collect()
    }

    /// Forgets the modules that are disabled and whose folder was removed.
    pub async fn forget_gone(&self) {
        // Those whose folder does not answer are kept.
        let limit = self.shared.limits.folder.first_read_timeout;
        let _ = timeout(limit, self.shared.forget_gone()).await;
    }

    /// What all modules offer, enabled or not.
    #[must_use]
    pub fn declarations(&self) -> Vec<Declared> {
        let declared = |module: Arc<Module>| Declared {
            module: module.name.clone(),
            enabled: module.is_enabled(),
            declaration: module.declaration(),
            commands: module.commands(),
            error: match &*module.described.borrow() {
                Described::Failed(reason) => Some(Arc::clone(reason)),
                _ => None,
            },
        };
        self.shared.all().into_iter().map(declared).collect()
    }

    /// The enabled modules whose commands are not known, because they cannot run, each with the reason.
    #[must_use]
    pub fn without_commands(&self) -> Vec<(String, Arc<Reason>)> {
        let absent = Arc::new(Reason::NoFolder);
        let enabled = self.shared.enabled.names().into_iter();
        let mut found: BTreeMap<_, _> = enabled.map(|name| (name, Arc::clone(&absent))).collect();
        for module in self.shared.all() {
            let none = module.is_enabled() && module.commands().iter().next().is_none();
            match module.why_not().filter(|_| none) {
                Some(reason) => found.insert(module.name.clone(), reason),
                None => found.remove(&module.name),
            };
        }
        found.into_iter().collect()
    }

    /// Takes over which commands modules do not get because others have them.
    pub fn set_conflicts(&self, conflicts: BTreeMap<String, Vec<LeftOut>>) {
        *self.shared.conflicts.write() = conflicts;
    }

    /// Why a module does not get some of the commands that it declares.
    #[must_use]
    pub fn left_out(&self, module: &str) -> Vec<LeftOut> {
        let declared = self.shared.module(module).map(|module| module.commands());
        let own = declared.iter().flat_map(|commands| commands.left_out()).cloned();
        let conflicts = self.shared.conflicts.read();
        own.chain(conflicts.get(module).into_iter().flatten().cloned()).collect()
    }

    /// Changes with every change of [`Self::declarations`].
    #[must_use]
    pub fn declarations_version(&self) -> watch::Receiver<u64> {
        self.shared.version.subscribe()
    }

    /// What happens to modules from now on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<ModuleEvent> {
        self.shared.events.subscribe()
    }

    /// Ends all modules: asks them to end, and after `grace` kills the processes that are left.
    /// Returns when every process is reaped, but does not wait long for those that cannot be killed.
    pub async fn shutdown(&self, grace: Duration) {
        let shared = &self.shared;
        let kill_timeout = shared.limits.process.kill_timeout;
        shared.shut_down().await;
        let mut finished = shared.finished.subscribe();
        if timeout(grace, finished.wait_for(|finished| *finished)).await.is_err() {
            let (left, grace) = (self.names_with_process(), grace.as_secs_f32());
            tracing::warn!("modules that have not ended within {grace} s are killed: {left}");
            shared.kill().await;
            if timeout(kill_timeout, finished.wait_for(|finished| *finished)).await.is_err() {
                let (left, limit) = (self.names_with_process(), kill_timeout.as_secs_f32());
                tracing::error!(
                    "modules that have not ended {limit} s after they were killed are left behind: \
                     {left}"
                );
            }
        }
        // The processes of describing runs end by themselves when a shutdown begins.
        if timeout(kill_timeout, shared.until_none_is_described()).await.is_err() {
            tracing::error!("a describing run is left behind, because its process has not ended");
        }
    }

    fn names_with_process(&self) -> String {
        let with_process = self.list().into_iter().filter(|module| module.pid != 0);
        with_process.map(|module| module.name).collect::<Vec<_>>().join(", ")
    }

    fn find(&self, name: &str) -> Result<Arc<Module>, ModuleError> {
        self.shared.module(name).ok_or_else(|| ModuleError::NoSuchModule(name.into()))
    }

    fn describe(&self, module: Arc<Module>, source: Source) {
        tokio::spawn(describe(Arc::clone(&self.shared), module, source));
    }
}
