//! The settings for all modules.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::RwLock;

use super::own::OwnLimits;
use super::settings::Settings;

/// What is set for each module alone.
#[derive(Debug, Default)]
pub struct ModuleLimits {
    modules: RwLock<HashMap<String, Known>>,
}

#[derive(Debug, Default)]
struct Known {
    own: Arc<OwnLimits>,
    /// Limits can be stored for a name that is no module, or not any more.
    installed: bool,
}

impl ModuleLimits {
    /// What is set for a module that is installed. From now on, it counts as one.
    #[must_use]
    pub fn of(&self, module: &str) -> Arc<OwnLimits> {
        let mut modules = self.modules.write();
        let known = modules.entry(module.to_owned()).or_default();
        known.installed = true;
        Arc::clone(&known.own)
    }

    /// What is set for a name, if it is that of a module or something was ever set for it.
    #[must_use]
    pub fn known(&self, module: &str) -> Option<Arc<OwnLimits>> {
        self.modules.read().get(module).map(|known| Arc::clone(&known.own))
    }

    /// Whether a name is that of a module that is, or was, installed while this manager runs.
    #[must_use]
    pub fn is_module(&self, name: &str) -> bool {
        self.modules.read().get(name).is_some_and(|known| known.installed)
    }

    /// Calls `look` with the name of each of these modules.
    pub fn each_module(&self, look: impl FnMut(&str)) {
        let modules = self.modules.read();
        modules
            .iter()
            .filter(|(_, known)| known.installed)
            .map(|(name, _)| name.as_str())
            .for_each(look);
    }

    /// Takes over what operators have set for all modules. Returns what is set now for those for which that
    /// changes something.
    pub fn set_operator(
        &self,
        mut all: BTreeMap<String, Settings>,
    ) -> Vec<(String, Arc<OwnLimits>)> {
        let known: Vec<_> = self.modules.read().keys().cloned().collect();
        for name in known {
            all.entry(name).or_default();
        }
        let mut changed = Vec::new();
        for (name, settings) in all {
            let own = Arc::clone(&self.modules.write().entry(name.clone()).or_default().own);
            if own.operator() != settings {
                own.set_operator(settings);
                changed.push((name, own));
            }
        }
        changed
    }
}
