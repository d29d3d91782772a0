//! The settings for all modules.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use parking_lot::RwLock;

use super::own::OwnLimits;
use super::settings::Settings;

/// What is set for each module alone.
#[derive(Debug, Default)]
pub struct ModuleLimits {
    modules: RwLock<HashMap<String, Arc<OwnLimits>>>,
}

impl ModuleLimits {
    /// What is set for a module.
    #[must_use]
    pub fn of(&self, module: &str) -> Arc<OwnLimits> {
        if let Some(own) = self.known(module) {
            return own;
        }
        Arc::clone(self.modules.write().entry(module.to_owned()).or_default())
    }

    /// What is set for a module, if it was ever asked for.
    #[must_use]
    pub fn known(&self, module: &str) -> Option<Arc<OwnLimits>> {
        self.modules.read().get(module).cloned()
    }

    /// Calls `look` with the name of each module that was ever asked for.
    pub fn each(&self, look: impl FnMut(&str)) {
        self.modules.read().keys().map(String::as_str).for_each(look);
    }

    /// Takes over what operators have set for all modules. Returns those for which that changes
    /// something.
    pub fn set_operator(&self, mut all: BTreeMap<String, Settings>) -> Vec<String> {
        let known: Vec<_> = self.modules.read().keys().cloned().collect();
        for name in known {
            all.entry(name).or_default();
        }
        let mut changed = Vec::new();
        for (name, settings) in all {
            let own = self.of(&name);
            if own.operator() != settings {
                own.set_operator(settings);
                changed.push(name);
            }
        }
        changed
    }
}
