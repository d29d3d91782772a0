//! A standby runs the standby halves of the modules that the active manager has enabled.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Modules;
use crate::module::life::{Described, Event, Slot, Source};

impl Modules {
    /// Takes over which modules are enabled. Those that have a standby half, and can run, start
    /// once that is known; those that are not enabled any more end.
    pub async fn follow(&self, enabled: BTreeSet<String>) {
        let mut known = self.shared.enabled.lock().await;
        let before = std::mem::replace(&mut *known, enabled.clone());
        for name in before.difference(&enabled) {
            if let Some(slot) = self.shared.slot(name) {
                slot.view.lock().enabled = false;
                self.wish(name, Event::Disable).await;
            }
        }
        drop(known);
        if enabled.iter().any(|name| self.shared.slot(name).is_none()) {
            for slot in self.shared.rescan(self.shared.policy.folder_timeout).await {
                self.describe(slot, Source::CacheFirst);
            }
        }
        for slot in enabled.difference(&before).filter_map(|name| self.shared.slot(name)) {
            tokio::spawn(self.clone().start_half(slot));
        }
    }

    /// Starts a module's standby half, if it turns out to have one.
    async fn start_half(self, slot: Arc<Slot>) {
        let mut described = slot.described.subscribe();
        let known = |now: &Described| !matches!(now, Described::NotYet);
        // However many are asked before it. The sender lives as long as the slot.
        let _ = described.wait_for(known).await;
        let has_half = slot.declaration().is_some_and(|declared| declared.standby);
        if !has_half || slot.cannot_run().is_some() {
            return;
        }
        // Held, so that nobody disables it between the look and the start.
        let enabled = self.shared.enabled.lock().await;
        if enabled.contains(&slot.name) {
            slot.view.lock().enabled = true;
            self.wish(&slot.name, Event::Enable).await;
        }
    }
}
