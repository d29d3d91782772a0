//! A standby runs the standby halves of the modules that the active manager has enabled.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Modules;
use crate::module::life::{Described, Input, Module, Source};

impl Modules {
    /// Takes over which modules are enabled. Those that have a standby half, and can run, start
    /// once that is known; those that are not enabled any more end.
    pub async fn follow(&self, enabled: BTreeSet<String>) {
        let mut followed = self.shared.followed.lock().await;
        let before = std::mem::replace(&mut *followed, enabled.clone());
        for name in before.difference(&enabled) {
            self.shared.enabled.change().await.set(name, false);
            self.shared.request(name, Input::Disable).await;
        }
        drop(followed);
        if enabled.iter().any(|name| self.shared.module(name).is_none()) {
            for module in self.shared.rescan(self.shared.limits.folder.folder_timeout).await {
                self.describe(module, Source::CacheFirst);
            }
        }
        for module in enabled.difference(&before).filter_map(|name| self.shared.module(name)) {
            tokio::spawn(self.clone().start_half(module));
        }
    }

    /// Starts a module's standby half, if it turns out to have one.
    async fn start_half(self, module: Arc<Module>) {
        let mut described = module.described.subscribe();
        // There is no time limit: many others may be asked before it. The sender lives as long as the
        // module.
        let _ = described.wait_for(Described::is_known).await;
        let has_half = module.declaration().is_some_and(|declared| declared.standby);
        if !has_half || module.cannot_run().is_some() {
            return;
        }
        // Locked, so that it cannot be disabled between this check and its start.
        let followed = self.shared.followed.lock().await;
        if followed.contains(&module.name) {
            self.shared.enabled.change().await.set(&module.name, true);
            self.shared.request(&module.name, Input::Enable).await;
        }
    }
}
