//! What operators ask of modules: to run, not to run, to restart.

use std::sync::Arc;

use tokio::time::timeout;

use super::Modules;
use crate::module::error::ModuleError;
use crate::module::life::{Availability, Described, Input, Module, ModuleState, Reason, Source};
use crate::module::unavailable::Unavailable;

/// Bytes of a name: no folder has a longer one.
const NAME_BYTES: usize = 255;
/// Modules without a folder that can be enabled. They are stored, and health lists them.
const ABSENT: usize = 256;

impl Modules {
    /// Enables a module, and waits until it runs or is known not to. Returns a status text.
    pub async fn enable(&self, name: &str, force: bool) -> Result<String, ModuleError> {
        match name.len() {
            0 => return Err(ModuleError::NoName),
            1..=NAME_BYTES => {}
            bytes => return Err(ModuleError::NameTooLong { bytes, limit: NAME_BYTES }),
        }
        let known = match self.shared.module(name) {
            Some(module) => !self.shared.is_gone(&module).await,
            None => false,
        };
        if !known {
            for module in self.shared.rescan(self.shared.limits.folder.folder_timeout).await {
                self.describe(module, Source::CacheFirst);
            }
        }
        let module = self.shared.module(name);
        if !force {
            let module = module.as_ref().ok_or_else(|| ModuleError::Unknown(name.into()))?;
            if let Some(reason) = self.described_for_enabling(module).await {
                return Err(ModuleError::CannotLoadYet { module: name.into(), reason });
            }
            if let Some(reason) = module.cannot_run() {
                let module = name.into();
                return Err(match reason.is_its_own() {
                    true => ModuleError::CannotRun { module, reason },
                    false => ModuleError::CannotLoad { module, reason },
                });
            }
        }
        if module.is_none() {
            self.admit_absent(name)?;
        }
        let enabled_before = !self.save_enabled(name, true).await?;
        // Its folder may have appeared after it was enabled. Then this starts it.
        let has_run = |module: &Arc<Module>| module.state() != ModuleState::Disabled;
        if enabled_before && module.as_ref().is_some_and(has_run) {
            return Ok(format!("module '{name}' is already enabled"));
        }
        let Some(module) = module else {
            return Ok(format!(
                "module '{name}' is enabled, but no folder of the module path has it; enable it \
                 again when one does"
            ));
        };
        self.shared.request(name, Input::Enable).await;
        Ok(self.arrival(&module).await)
    }

    /// Whether one more module without a folder can be enabled.
    fn admit_absent(&self, name: &str) -> Result<(), ModuleError> {
        let enabled = self.shared.enabled.names();
        let is_absent = |other: &&String| self.shared.module(other).is_none();
        if enabled.contains(name) || enabled.iter().filter(is_absent).count() < ABSENT {
            return Ok(());
        }
        Err(ModuleError::TooManyAbsent { limit: ABSENT })
    }

    /// Disables a module, and waits until its process ended.
    pub async fn disable(&self, name: &str) -> Result<String, ModuleError> {
        if name.is_empty() {
            return Err(ModuleError::NoName);
        }
        if !self.save_enabled(name, false).await? {
            return Ok(format!("module '{name}' is already disabled"));
        }
        self.shared.request(name, Input::Disable).await;
        if let Some(module) = self.shared.module(name) {
            self.ended(&module).await;
        }
        Ok(String::new())
    }

    /// Restarts an enabled module by hand; this forgets its failures.
    pub async fn restart(&self, name: &str) -> Result<String, ModuleError> {
        let module = self.find(name)?;
        if module.is_debugged() {
            return Err(ModuleError::Debugged(name.into()));
        }
        if !module.is_enabled() {
            return Err(ModuleError::NotEnabled(name.into()));
        }
        self.shared.request(name, Input::Restart).await;
        Ok(self.arrival(&module).await)
    }

    /// Saves that a module is enabled, or not; false if it was so already.
    async fn save_enabled(&self, name: &str, enabled: bool) -> Result<bool, ModuleError> {
        let change = self.shared.enabled.change().await;
        if *self.shared.shutting_down.borrow() {
            return Err(ModuleError::ShuttingDown);
        }
        let changes = change.store(name, enabled).await?;
        if changes {
            self.shared.changed();
        }
        Ok(changes)
    }

    /// Waits until it is known what a disabled module offers, or that it cannot be known. A module
    /// that could not run is asked again, because it may have been repaired. Returns why that is not
    /// known, if the try fails and the next one may succeed.
    async fn described_for_enabling(&self, module: &Arc<Module>) -> Option<Arc<Reason>> {
        if module.is_enabled() {
            return None;
        }
        let _ = self.shared.read_manifest(module).await;
        let source = match module.cannot_run() {
            Some(_) => Source::Module,
            None => Source::CacheFirst,
        };
        if source == Source::Module {
            module.described.send_replace(Described::NotYet(None));
        }
        self.until_described(module, source).await
    }

    /// Waits until it is known what a module offers, or that it cannot be known.
    pub async fn described(&self, module: &str) {
        if let Some(module) = self.shared.module(module) {
            self.until_described(&module, Source::CacheFirst).await;
        }
    }

    /// Waits until it is known what a module offers, or that it cannot be known, or until a try to find
    /// out fails. Returns why, if one does.
    async fn until_described(&self, module: &Arc<Module>, source: Source) -> Option<Arc<Reason>> {
        let _wanted = module.wanted();
        let mut described = module.described.subscribe();
        if module.is_described() {
            return None;
        }
        if !module.is_enabled() {
            self.describe(Arc::clone(module), source);
        }
        let newest = async {
            while described.changed().await.is_ok() {
                match &*described.borrow_and_update() {
                    Described::NotYet(None) => {}
                    Described::NotYet(Some(reason)) => return Some(Arc::clone(reason)),
                    _ => return None,
                }
            }
            None
        };
        let limit = self.shared.limits.life.describe_timeout * 2;
        timeout(limit, newest).await.ok().flatten()
    }

    /// Waits until the process of a module that was disabled has ended, but no longer than that may take.
    async fn ended(&self, module: &Module) {
        let mut availability = module.availability();
        let ended = async {
            while module.state() == ModuleState::Stopping && availability.changed().await.is_ok() {}
        };
        let limits = &self.shared.limits;
        let _ = timeout(2 * (limits.life.shutdown_grace + limits.process.term_grace), ended).await;
    }

    /// Waits until the module runs or is known not to. Returns a status text.
    async fn arrival(&self, module: &Arc<Module>) -> String {
        let limit = self.shared.limits.life.start_timeout;
        let name = &module.name;
        match self.settled(module, limit).await {
            Availability::Up { .. } | Availability::Disabled => String::new(),
            Availability::Coming => format!("module '{name}' is enabled and still starting"),
            Availability::NotAttached => {
                let reason = Unavailable::NotAttached { module: name.clone() };
                format!("module '{name}' is enabled but does not run: {reason}")
            }
            Availability::Down(reason) => {
                let reason = module.down(reason);
                format!("module '{name}' is enabled but does not run: {reason}")
            }
        }
    }
}
