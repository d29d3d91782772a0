//! What operators want of modules: to run, not to run, to start anew.

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::time::timeout;

use super::Modules;
use crate::module::error::ModuleError;
use crate::module::life::{Availability, Described, Event, ModuleState, Slot, Source};

impl Modules {
    /// Enables a module, and waits until it runs or is known not to. Returns a status text.
    pub async fn enable(&self, name: &str, force: bool) -> Result<String, ModuleError> {
        if name.is_empty() {
            return Err(ModuleError::NoName);
        }
        let known = match self.shared.slot(name) {
            Some(slot) => !self.shared.is_gone(&slot).await,
            None => false,
        };
        if !known {
            for slot in self.shared.rescan(self.shared.policy.folder_timeout).await {
                self.describe(slot, Source::CacheFirst);
            }
        }
        let slot = self.shared.slot(name);
        if !force {
            let slot = slot.as_ref().ok_or_else(|| ModuleError::Unknown(name.into()))?;
            self.described_for_enabling(slot).await;
            if let Some(reason) = slot.cannot_run() {
                return Err(ModuleError::CannotRun { module: name.into(), reason });
            }
        }
        let on = slot.as_ref().is_some_and(|slot| slot.view.lock().enabled);
        if !self.remember(name, true).await? && on {
            return Ok(format!("module '{name}' is already enabled"));
        }
        let Some(slot) = slot else {
            return Ok(format!(
                "module '{name}' is enabled, but no folder of the module path has it; enable it \
                 again when one does"
            ));
        };
        slot.view.lock().enabled = true;
        self.wish(name, Event::Enable).await;
        Ok(self.arrival(&slot).await)
    }

    /// Disables a module, and waits until its process ended.
    pub async fn disable(&self, name: &str) -> Result<String, ModuleError> {
        if name.is_empty() {
            return Err(ModuleError::NoName);
        }
        if !self.remember(name, false).await? {
            return Ok(format!("module '{name}' is already disabled"));
        }
        self.wish(name, Event::Disable).await;
        if let Some(slot) = self.shared.slot(name) {
            self.ended(&slot).await;
        }
        Ok(String::new())
    }

    /// Restarts an enabled module by hand; this forgets its failures.
    pub async fn restart(&self, name: &str) -> Result<String, ModuleError> {
        let slot = self.known(name)?;
        if !slot.view.lock().enabled {
            return Err(ModuleError::NotEnabled(name.into()));
        }
        self.wish(name, Event::Restart).await;
        Ok(self.arrival(&slot).await)
    }

    /// Saves that a module is enabled, or not; false if it was so already.
    async fn remember(&self, name: &str, enabled: bool) -> Result<bool, ModuleError> {
        let mut set = self.shared.enabled.lock().await;
        if *self.shared.shutting_down.borrow() {
            return Err(ModuleError::ShuttingDown);
        }
        let mut changed = set.clone();
        let news = if enabled { changed.insert(name.into()) } else { changed.remove(name) };
        if news {
            let saved = self.shared.enabled_set.save(changed.clone()).await;
            saved.map_err(ModuleError::NotStored)?;
            *set = changed;
            if let Some(slot) = self.shared.slot(name) {
                slot.view.lock().enabled = enabled;
            }
            self.shared.changed();
        }
        Ok(news)
    }

    /// The modules that are enabled, those without a folder included.
    pub async fn enabled(&self) -> BTreeSet<String> {
        self.shared.enabled.lock().await.clone()
    }

    /// Waits until it is known what a disabled module offers, or that it cannot be known. One
    /// that could not run is asked again: it may have been mended.
    async fn described_for_enabling(&self, slot: &Arc<Slot>) {
        if slot.view.lock().enabled {
            return;
        }
        let _ = self.shared.reread(slot).await;
        if slot.cannot_run().is_some() {
            slot.described.send_replace(Described::NotYet);
            self.describe(Arc::clone(slot), Source::Module);
        }
        self.until_described(slot).await;
    }

    /// Waits until it is known what a module offers, or that it cannot be known.
    pub async fn described(&self, module: &str) {
        if let Some(slot) = self.shared.slot(module) {
            self.until_described(&slot).await;
        }
    }

    async fn until_described(&self, slot: &Slot) {
        let mut described = slot.described.subscribe();
        let known = |now: &Described| !matches!(now, Described::NotYet);
        let limit = self.shared.policy.describe_timeout * 2;
        let _ = timeout(limit, described.wait_for(known)).await;
    }

    /// Waits until the process of a module that was disabled has ended, or is waited for in vain.
    async fn ended(&self, slot: &Slot) {
        let mut news = slot.availability.subscribe();
        let ended = async {
            while slot.view.lock().state == ModuleState::Stopping && news.changed().await.is_ok() {}
        };
        let policy = &self.shared.policy;
        let _ = timeout(2 * (policy.shutdown_grace + policy.term_grace), ended).await;
    }

    /// Waits until the module runs or is known not to, and says so.
    async fn arrival(&self, slot: &Slot) -> String {
        let limit = self.shared.policy.start_timeout;
        let name = &slot.name;
        match self.settled(slot, limit).await {
            Availability::Up { .. } | Availability::Disabled => String::new(),
            Availability::Coming => format!("module '{name}' is enabled and still starting"),
            Availability::Down(reason) => {
                format!("module '{name}' is enabled but does not run: {}", slot.outlook(&reason))
            }
        }
    }
}
