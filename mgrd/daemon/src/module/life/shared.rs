//! What the supervisor, its tasks and its handles share.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use parking_lot::{Mutex, RwLock};
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot, watch};

use super::machine::Event;
use super::slot::Slot;
use crate::module::config::Config;
use crate::module::enabled::EnabledSet;
use crate::module::folder::{Folders, Manifest, ManifestError};
use crate::module::policy::Policy;
use crate::module::process::{Spawner, Starts};
use crate::module::session::Hello;
use crate::module::status::ModuleEvent;

/// To the supervisor's loop.
#[derive(Debug)]
pub(in crate::module) enum Letter {
    /// Somebody wants something of a module.
    Wish { module: String, wish: Event, done: oneshot::Sender<()> },
    /// Something happened to one start of a module.
    Report { module: String, start: u64, event: Event },
    /// End all modules.
    Shutdown,
    /// End what is left of them at once.
    Kill,
}

pub(in crate::module) struct Shared {
    pub(in crate::module) config: Config,
    pub(in crate::module) policy: Arc<Policy>,
    pub(in crate::module) folders: Folders,
    pub(in crate::module) spawner: Spawner,
    pub(in crate::module) starts: Starts,
    pub(in crate::module) slots: RwLock<BTreeMap<String, Arc<Slot>>>,
    pub(in crate::module) letters: mpsc::Sender<Letter>,
    pub(in crate::module) events: broadcast::Sender<ModuleEvent>,
    /// Counts changes of what modules offer, or of which are enabled.
    pub(in crate::module) version: watch::Sender<u64>,
    /// The modules that are enabled, locked while the set is saved.
    pub(in crate::module) enabled: tokio::sync::Mutex<BTreeSet<String>>,
    pub(in crate::module) enabled_set: Box<dyn EnabledSet>,
    /// Describing starts that wait for a hello.
    pub(in crate::module) describing: Mutex<HashMap<u64, oneshot::Sender<Hello>>>,
    pub(in crate::module) describers: Semaphore,
    pub(in crate::module) shutting_down: watch::Sender<bool>,
    pub(in crate::module) finished: watch::Sender<bool>,
}

impl Shared {
    pub(in crate::module) fn slot(&self, name: &str) -> Option<Arc<Slot>> {
        self.slots.read().get(name).cloned()
    }

    pub(in crate::module) fn all(&self) -> Vec<Arc<Slot>> {
        self.slots.read().values().cloned().collect()
    }

    /// Looks for modules that were added since, and forgets those that are gone. Waits no longer
    /// than `patience` for a folder that does not answer.
    pub(in crate::module) async fn rescan(&self, patience: Duration) -> Vec<Arc<Slot>> {
        let found = self.folders.discover(patience).await;
        self.forget_gone().await;
        let mut slots = self.slots.write();
        let mut added = Vec::new();
        for (name, found) in found {
            slots.entry(name).or_insert_with(|| {
                let slot = Arc::new(Slot::new(found));
                added.push(Arc::clone(&slot));
                slot
            });
        }
        added
    }

    /// Forgets the modules of which nothing is left.
    pub(in crate::module) async fn forget_gone(&self) {
        let gone = async |slot: Arc<Slot>| self.is_gone(&slot).await.then_some(slot);
        let gone = join_all(self.all().into_iter().map(gone)).await;
        let mut forgotten = false;
        for slot in gone.into_iter().flatten() {
            let mut slots = self.slots.write();
            // It may have been enabled meanwhile.
            let same = slots.get(&slot.name).is_some_and(|known| Arc::ptr_eq(known, &slot));
            if same && slot.is_at_rest() {
                slots.remove(&slot.name);
                forgotten = true;
            }
        }
        if forgotten {
            self.changed();
        }
    }

    /// Whether nothing is left of the module: it is disabled, and its folder was removed.
    pub(in crate::module) async fn is_gone(&self, slot: &Slot) -> bool {
        slot.is_at_rest() && self.folders.is_gone(&slot.folder).await
    }

    /// Reads again how to run a module.
    pub(in crate::module) async fn reread(
        &self,
        slot: &Slot,
    ) -> Result<Arc<Manifest>, Arc<ManifestError>> {
        let manifest = self.folders.manifest(&slot.folder).await;
        let manifest = manifest.map(Arc::new).map_err(Arc::new);
        slot.reread(&manifest);
        manifest
    }

    /// The permits of all describers: who has them knows that nothing is being described.
    pub(in crate::module) fn all_describers(&self) -> u32 {
        self.policy.describe_concurrency.max(1)
    }

    /// Waits until all modules are to end.
    pub(in crate::module) async fn shutting_down(&self) {
        // The sender lives as long as this does.
        let _ = self.shutting_down.subscribe().wait_for(|now| *now).await;
    }

    pub(in crate::module) fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
