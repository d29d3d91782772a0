//! All managers: who registers, who steps down, and who ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

use super::error::{IdInUse, UnknownManager};
use super::manager::Manager;
use super::registration::Registration;
use super::standbys::Standbys;

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
    standbys: Arc<Standbys>,
    stage: watch::Sender<Stage>,
}

/// The stages of an active manager.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Leads,
    StepsDown,
    Ends,
}

impl Managers {
    /// The active manager, without standbys.
    #[must_use]
    pub fn new(active: Manager) -> Self {
        let (standbys, stage) = (Arc::default(), watch::Sender::new(Stage::Leads));
        Self(Arc::new(Inner { active, standbys, stage }))
    }

    /// The active one.
    #[must_use]
    pub fn active(&self) -> &Manager {
        &self.0.active
    }

    /// The standbys, in the order of their names.
    #[must_use]
    pub fn standbys(&self) -> Vec<Manager> {
        self.0.standbys.list()
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
        self.0.standbys.version()
    }

    /// Registers a standby until the result is dropped. A second registration of the same start of
    /// the same manager replaces the first.
    ///
    /// # Errors
    ///
    /// If another manager has its name.
    pub fn register(&self, manager: Manager) -> Result<Registration, IdInUse> {
        let id = manager.id.clone();
        if id == self.0.active.id {
            return Err(IdInUse(id));
        }
        match self.0.standbys.add(manager) {
            Some((number, drops)) => {
                Ok(Registration { standbys: self.0.standbys.clone(), id, number, drops })
            }
            None => Err(IdInUse(id)),
        }
    }

    /// Makes the active manager step down, or drops the registration of a standby. `who` is a name or
    /// a gid; `None` means the active manager.
    ///
    /// # Errors
    ///
    /// If there is no such manager.
    pub fn fail(&self, who: Option<&str>) -> Result<Failed, UnknownManager> {
        let id = match who {
            None => self.0.active.id.clone(),
            Some(who) => self.find(who).ok_or_else(|| UnknownManager(who.to_owned()))?,
        };
        if id == self.0.active.id {
            self.reach(Stage::StepsDown);
            let waiting = self.standbys().into_iter().map(|manager| manager.id);
            return Ok(Failed::Active(waiting.collect()));
        }
        self.0.standbys.drop_registration(&id);
        Ok(Failed::Standby)
    }

    /// The name of the manager with this name, or else with this gid.
    fn find(&self, who: &str) -> Option<String> {
        let all: Vec<_> = self.standbys().into_iter().chain([self.0.active.clone()]).collect();
        let by_name = all.iter().find(|manager| manager.id == who);
        let by_gid = || {
            let gid: u64 = who.parse().ok()?;
            all.iter().find(|manager| manager.gid == gid)
        };
        by_name.or_else(by_gid).map(|manager| manager.id.clone())
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
}

#[cfg(test)]
mod tests;
