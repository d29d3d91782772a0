//! The active manager and the standbys that registered with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use mgrd_command::{CommandError, Errno};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::sync::watch;

/// Active or standby.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Has the state of the cluster, runs commands and writes.
    #[default]
    Active,
    /// Waits until the active manager ends.
    Standby,
}

/// One manager.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manager {
    /// Its name.
    pub id: String,
    /// A number that differs for each start of it.
    pub gid: u64,
    /// Its metadata, with the keys of a daemon's.
    pub metadata: BTreeMap<String, String>,
    /// What its modules offer, as the manager map shows it. Only standbys send it.
    pub available_modules: Value,
}

/// A manager of this name is there already.
#[derive(Debug, thiserror::Error)]
#[error(
    "a manager named '{0}' is there already; give each manager of a data directory a name of its \
     own with --id"
)]
pub struct IdInUse(String);

impl CommandError for IdInUse {
    fn errno(&self) -> Errno {
        Errno::EEXIST
    }
}

/// No manager has this name.
#[derive(Debug, thiserror::Error)]
#[error("there is no manager '{0}'; 'mgr metadata' lists them")]
pub struct UnknownManager(pub String);

impl CommandError for UnknownManager {
    fn errno(&self) -> Errno {
        Errno::ENOENT
    }
}

/// The result of `mgr fail`.
#[derive(Debug, PartialEq, Eq)]
pub enum Failed {
    /// The active manager steps down, and one of these standbys takes over.
    Active(Vec<String>),
    /// A standby has lost its registration.
    Standby,
}

/// All managers. Cloning shares it.
#[derive(Clone)]
pub struct Managers(Arc<Inner>);

struct Inner {
    active: Manager,
    standbys: Mutex<Standbys>,
    version: watch::Sender<u64>,
    stage: watch::Sender<Stage>,
}

/// The stages of an active manager.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Leads,
    StepsDown,
    Ends,
}

#[derive(Default)]
struct Standbys {
    by_id: BTreeMap<String, Registered>,
    registrations: u64,
}

struct Registered {
    manager: Manager,
    registration: u64,
    dropped: watch::Sender<bool>,
}

impl Managers {
    /// The active manager, without standbys.
    #[must_use]
    pub fn new(active: Manager) -> Self {
        Self(Arc::new(Inner {
            active,
            standbys: Mutex::default(),
            version: watch::Sender::new(0),
            stage: watch::Sender::new(Stage::Leads),
        }))
    }

    /// The active one.
    #[must_use]
    pub fn active(&self) -> &Manager {
        &self.0.active
    }

    /// The standbys, in the order of their names.
    #[must_use]
    pub fn standbys(&self) -> Vec<Manager> {
        self.0.standbys.lock().by_id.values().map(|waiting| waiting.manager.clone()).collect()
    }

    /// The metadata of each manager, by name.
    #[must_use]
    pub fn metadata(&self) -> BTreeMap<String, BTreeMap<String, String>> {
        let all = self.standbys().into_iter().chain([self.0.active.clone()]);
        all.map(|manager| (manager.id, manager.metadata)).collect()
    }

    /// Changes with every change of [`Self::standbys`].
    #[must_use]
    pub fn version(&self) -> watch::Receiver<u64> {
        self.0.version.subscribe()
    }

    /// Registers a standby until the result is dropped. A second registration of the same start of
    /// the same manager replaces the first.
    ///
    /// # Errors
    ///
    /// If another manager has its name.
    pub fn register(&self, manager: Manager) -> Result<Registration, IdInUse> {
        let mut standbys = self.0.standbys.lock();
        let id = manager.id.clone();
        let another = |waiting: &Registered| waiting.manager.gid != manager.gid;
        if id == self.0.active.id || standbys.by_id.get(&id).is_some_and(another) {
            return Err(IdInUse(id));
        }
        standbys.registrations += 1;
        let (number, (dropped, drops)) = (standbys.registrations, watch::channel(false));
        let waiting = Registered { manager, registration: number, dropped };
        standbys.by_id.insert(id.clone(), waiting);
        drop(standbys);
        self.changed();
        Ok(Registration { managers: self.clone(), id, number, drops })
    }

    /// Makes the active manager step down, or drops the registration of a standby. `who` is a name or
    /// a gid; `None` means the active manager.
    ///
    /// # Errors
    ///
    /// If there is no such manager.
    pub fn fail(&self, who: Option<&str>) -> Result<Failed, UnknownManager> {
        let active = &self.0.active;
        let mut standbys = self.0.standbys.lock();
        let by_name = |who: &str| match who {
            who if who == active.id || standbys.by_id.contains_key(who) => Some(who.to_owned()),
            who => {
                let gid: u64 = who.parse().ok()?;
                let waiting = standbys.by_id.values().map(|waiting| &waiting.manager);
                let mut all = waiting.chain([active]);
                all.find(|manager| manager.gid == gid).map(|manager| manager.id.clone())
            }
        };
        let id = match who {
            None => active.id.clone(),
            Some(who) => by_name(who).ok_or_else(|| UnknownManager(who.to_owned()))?,
        };
        if id == active.id {
            let waiting = standbys.by_id.keys().cloned().collect();
            self.reach(Stage::StepsDown);
            return Ok(Failed::Active(waiting));
        }
        if let Some(waiting) = standbys.by_id.remove(&id) {
            waiting.dropped.send_replace(true);
        }
        drop(standbys);
        self.changed();
        Ok(Failed::Standby)
    }

    /// Waits until the active manager has to step down.
    pub async fn stepping_down(&self) {
        self.reached(Stage::StepsDown).await;
    }

    /// Marks that the active manager takes no new clients any more.
    pub fn end(&self) {
        self.reach(Stage::Ends);
    }

    /// Waits until the active manager takes no new clients any more.
    pub async fn ending(&self) {
        self.reached(Stage::Ends).await;
    }

    fn reach(&self, stage: Stage) {
        self.0.stage.send_modify(|now| *now = stage.max(*now));
    }

    async fn reached(&self, stage: Stage) {
        // The sender lives as long as this does.
        let _ = self.0.stage.subscribe().wait_for(|now| *now >= stage).await;
    }

    fn changed(&self) {
        self.0.version.send_modify(|version| *version += 1);
    }
}

/// The registration of a standby. Dropping it ends it.
pub struct Registration {
    managers: Managers,
    id: String,
    number: u64,
    drops: watch::Receiver<bool>,
}

impl Registration {
    /// Keeps what the standby's modules offer.
    pub fn set_modules(&self, available: Value) {
        let mut standbys = self.managers.0.standbys.lock();
        let Some(waiting) = standbys.by_id.get_mut(&self.id) else { return };
        if waiting.registration == self.number {
            waiting.manager.available_modules = available;
            drop(standbys);
            self.managers.changed();
        }
    }

    /// Waits until the registration was dropped by an operator, or taken over.
    pub async fn dropped(&mut self) {
        // Both send, or drop the sender.
        let _ = self.drops.wait_for(|dropped| *dropped).await;
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        let mut standbys = self.managers.0.standbys.lock();
        if standbys.by_id.get(&self.id).is_some_and(|w| w.registration == self.number) {
            standbys.by_id.remove(&self.id);
            drop(standbys);
            self.managers.changed();
        }
    }
}

#[cfg(test)]
mod tests;
