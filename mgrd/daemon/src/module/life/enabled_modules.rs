//! Which modules are enabled.

use std::collections::BTreeSet;
use std::fmt;

use parking_lot::RwLock;
use tokio::sync::MutexGuard;

use crate::module::enabled::{EnabledSet, EnabledSetError};

/// Which modules this manager runs. This is the only copy in memory: all others ask it. The life of a
/// module learns of a change from the request that follows it.
pub(in crate::module) struct EnabledModules {
    names: RwLock<BTreeSet<String>>,
    storage: Box<dyn EnabledSet>,
    /// Locked during a change.
    changing: tokio::sync::Mutex<()>,
}

/// The right to change which modules are enabled.
pub(in crate::module) struct EnabledChange<'a> {
    modules: &'a EnabledModules,
    _changing: MutexGuard<'a, ()>,
}

impl EnabledModules {
    pub(in crate::module) fn new(names: BTreeSet<String>, storage: Box<dyn EnabledSet>) -> Self {
        Self { names: RwLock::new(names), storage, changing: tokio::sync::Mutex::default() }
    }

    pub(in crate::module) fn contains(&self, name: &str) -> bool {
        self.names.read().contains(name)
    }

    /// All that are enabled, those without a folder included.
    pub(in crate::module) fn names(&self) -> BTreeSet<String> {
        self.names.read().clone()
    }

    /// Waits until no other change is under way.
    pub(in crate::module) async fn change(&self) -> EnabledChange<'_> {
        EnabledChange { modules: self, _changing: self.changing.lock().await }
    }
}

impl EnabledChange<'_> {
    /// Stores that a module is enabled, or not, and then shows it to all. False if it was so already.
    pub(in crate::module) async fn store(
        &self,
        name: &str,
        enabled: bool,
    ) -> Result<bool, EnabledSetError> {
        let mut names = self.modules.names();
        let changes = if enabled { names.insert(name.into()) } else { names.remove(name) };
        if changes {
            self.modules.storage.save(names.clone()).await?;
            *self.modules.names.write() = names;
        }
        Ok(changes)
    }

    /// Sets it without storing it. A standby does so, because the active manager stores it.
    pub(in crate::module) fn set(&self, name: &str, enabled: bool) {
        let mut names = self.modules.names.write();
        if enabled {
            names.insert(name.into());
        } else {
            names.remove(name);
        }
    }
}

impl fmt::Debug for EnabledModules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("EnabledModules").field(&*self.names.read()).finish()
    }
}
