//! What the supervisor, its tasks and its handles share.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};
use tokio::sync::{Semaphore, broadcast, mpsc, oneshot, watch};

use super::config::Config;
use super::discovery::discover;
use super::enabled::EnabledSet;
use super::message::Hello;
use super::policy::Policy;
use super::secret::Starts;
use super::slot::Slot;
use super::spawner::Spawner;
use super::state::Event;
use super::status::ModuleEvent;

/// To the supervisor's loop.
#[derive(Debug)]
pub(super) enum Letter {
    /// Somebody wants something of a module.
    Wish { module: String, wish: Event, done: oneshot::Sender<()> },
    /// Something happened to one start of a module.
    Report { module: String, start: u64, event: Event },
    /// End all modules.
    Shutdown,
    /// End what is left of them at once.
    Kill,
}

pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) policy: Arc<Policy>,
    pub(super) spawner: Spawner,
    pub(super) starts: Starts,
    pub(super) slots: RwLock<BTreeMap<String, Arc<Slot>>>,
    pub(super) letters: mpsc::Sender<Letter>,
    pub(super) events: broadcast::Sender<ModuleEvent>,
    /// Counts changes of what modules offer, or of which are enabled.
    pub(super) version: watch::Sender<u64>,
    /// The modules that are enabled, locked while the set is saved.
    pub(super) enabled: tokio::sync::Mutex<BTreeSet<String>>,
    pub(super) enabled_set: Box<dyn EnabledSet>,
    /// Describing starts that wait for a hello.
    pub(super) describing: Mutex<HashMap<u64, oneshot::Sender<Hello>>>,
    pub(super) describers: Semaphore,
    pub(super) shutting_down: watch::Sender<bool>,
    pub(super) finished: watch::Sender<bool>,
}

impl Shared {
    pub(super) fn slot(&self, name: &str) -> Option<Arc<Slot>> {
        self.slots.read().get(name).cloned()
    }

    pub(super) fn all(&self) -> Vec<Arc<Slot>> {
        self.slots.read().values().cloned().collect()
    }

    /// Looks for modules that were added since, and forgets those that are gone.
    pub(super) fn rescan(&self) -> Vec<Arc<Slot>> {
        let found = discover(&self.config.module_path, &self.config.runtimes);
        self.forget_gone();
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
    pub(super) fn forget_gone(&self) {
        let mut slots = self.slots.write();
        let before = slots.len();
        slots.retain(|_, slot| !slot.is_gone());
        let forgotten = slots.len() < before;
        drop(slots);
        if forgotten {
            self.changed();
        }
    }

    /// The permits of all describers: who has them knows that nothing is being described.
    pub(super) fn all_describers(&self) -> u32 {
        self.policy.describe_concurrency.max(1)
    }

    /// Waits until all modules are to end.
    pub(super) async fn shutting_down(&self) {
        // The sender lives as long as this does.
        let _ = self.shutting_down.subscribe().wait_for(|now| *now).await;
    }

    pub(super) fn changed(&self) {
        self.version.send_modify(|version| *version += 1);
    }
}
