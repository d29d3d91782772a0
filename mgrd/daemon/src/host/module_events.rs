//! The end of a module's run: what others see of it goes away with it.

use super::parts::Host;
use crate::cluster::Priority;
use crate::health::{Checks, Source};
use crate::module::ModuleEvent;

impl Host {
    /// Replaces the health checks of a module.
    pub fn set_health_checks(&self, module: &str, checks: Checks) {
        self.parts.health.set(Source::Module(module.to_owned()), checks);
    }

    /// Records what happened to a module, and removes the reports of a module that does not run any
    /// more.
    pub(super) fn module_changed(&self, event: &ModuleEvent) {
        let ModuleEvent { module, state, reason } = event;
        let text = reason.as_ref().map(ToString::to_string).unwrap_or_default();
        let message = if text.is_empty() { state.to_string() } else { format!("{state}: {text}") };
        self.parts.cluster.event("module", module, message);
        if state.has_failed() {
            let text = format!("Module '{module}' has failed: {text}");
            self.log("cluster", Priority::Error, &text);
        }
        if !state.keeps_progress() {
            self.parts.cluster.progress.remove_module(module);
        }
        if !state.keeps_reports() {
            self.parts.health.remove(Source::Module(module.clone()));
        }
    }
}
