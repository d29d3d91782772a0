//! Reading options: which values are set, and which of them apply to a daemon.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::error::OptionError;
use super::handle::{Options, PREFIX, text};
use super::schema::{Level, OptionSchema};
use super::schemas::Origin;
use super::section::Section;

/// One value that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The daemons that it applies to.
    pub section: Section,
    /// The option's full name.
    pub name: String,
    /// The value.
    pub value: String,
    /// The revision that set it.
    pub revision: u64,
    /// The readers that the option is for.
    pub level: Level,
    /// Whether a change takes effect at once.
    pub runtime: bool,
}

/// The value that applies to one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The value.
    pub value: String,
    /// The setting it comes from. `None` means the default.
    pub set: Option<Setting>,
    /// The less specific settings that it overrides, least specific first.
    pub overrides: Vec<Setting>,
}

impl Options {
    /// All values that are set, by section: `global` first, then types, then daemons.
    #[must_use]
    pub fn dump(&self) -> Vec<Setting> {
        let mut all: Vec<_> = self.settings("").collect();
        let rank = |s: &Setting| {
            let kind = s.section.name().split('.').next().unwrap_or_default().to_owned();
            (s.section.depth() > 0, kind, s.section.clone(), s.name.clone())
        };
        all.sort_by_key(rank);
        all
    }

    fn settings(&self, prefix: &str) -> impl Iterator<Item = Setting> {
        self.stored(prefix).into_iter().filter_map(|(key, value, revision)| {
            let (section, name) = Section::split_key(&key)?;
            let schema = self.schemas.find(name);
            Some(Setting {
                section,
                name: name.to_owned(),
                value,
                revision,
                level: schema.as_ref().map_or(Level::Unknown, |(_, schema)| schema.level),
                runtime: schema.is_some_and(|(_, schema)| schema.runtime),
            })
        })
    }

    /// The options that are set for a section, by name. Each has its most specific value.
    ///
    /// # Errors
    /// If the section is unknown.
    pub fn effective(&self, who: &str) -> Result<BTreeMap<String, Effective>, OptionError> {
        let mut found: BTreeMap<String, Effective> = BTreeMap::new();
        for layer in entity(who)?.layers() {
            for setting in self.settings(&format!("{layer}/")) {
                if !setting.section.mask().is_empty() {
                    continue;
                }
                let overrides = found.remove(&setting.name).map_or_else(Vec::new, |lower| {
                    lower.overrides.into_iter().chain(lower.set).collect()
                });
                let value = setting.value.clone();
                let name = setting.name.clone();
                found.insert(name, Effective { value, set: Some(setting), overrides });
            }
        }
        Ok(found)
    }

    /// The value of an option for a section: the one that is set, or the default.
    ///
    /// # Errors
    /// If the section or the option is unknown.
    pub fn get(&self, who: &str, name: &str) -> Result<String, OptionError> {
        if let Some(found) = self.effective(who)?.remove(name) {
            return Ok(found.value);
        }
        self.default(name)
    }

    /// The value that an option has if it is not set.
    ///
    /// # Errors
    /// If the option is unknown.
    pub fn default(&self, name: &str) -> Result<String, OptionError> {
        let schema = self.schemas.find(name).map(|(_, schema)| schema);
        let schema = schema.ok_or_else(|| OptionError::UnknownKey(name.to_owned()))?;
        Ok(default_text(&schema))
    }

    /// Whether an option has a value in exactly this section.
    ///
    /// # Errors
    /// If the section is unknown.
    pub fn is_set(&self, who: &str, name: &str) -> Result<bool, OptionError> {
        let section = entity(who)?;
        Ok(self.storage.get(&format!("{PREFIX}{section}/{name}")).is_some())
    }

    /// The typed value of an option of this manager.
    ///
    /// # Errors
    /// If the option is unknown.
    pub fn get_ceph_option(&self, name: &str) -> Result<Value, OptionError> {
        self.get_foreign_option(&format!("mgr.{}", self.mgr_id()), name)
    }

    /// The typed value of an option of the cluster, for a daemon or a type of daemons.
    ///
    /// # Errors
    /// If the section is unknown, or the option is unknown or belongs to a module.
    pub fn get_foreign_option(&self, who: &str, name: &str) -> Result<Value, OptionError> {
        if who == "global" {
            return Err(OptionError::UnknownEntity(who.to_owned()));
        }
        match self.schemas.find(name) {
            Some((Origin::Ceph, schema)) => Ok(schema.typed(&self.get(who, name)?)),
            _ => Err(OptionError::UnknownKey(name.to_owned())),
        }
    }

    /// The typed value of a module's option, if it is set for this manager.
    #[must_use]
    pub fn get_module_option(&self, module: &str, option: &str) -> Option<Value> {
        let (value, _) = self.module_option(module, option)?;
        let schema = self.schemas.find(&format!("mgr/{module}/{option}"));
        Some(schema.map_or(Value::String(value.clone()), |(_, schema)| schema.typed(&value)))
    }

    /// All options of a module that are set for this manager, with the revision of each. Keys are
    /// `<option>` and `<mgr id>/<option>`. An invalid value (set by force, or before the declaration
    /// changed) is left out, so that the module reads the default.
    #[must_use]
    pub fn module_snapshot(&self, module: &str) -> BTreeMap<String, (String, u64)> {
        let mut found = BTreeMap::new();
        for layer in Section::daemon("mgr", &self.mgr_id).layers() {
            let prefix = format!("{layer}/mgr/{module}/");
            for (key, value, revision) in self.stored(&prefix) {
                let option = &key[prefix.len()..];
                let schema = self.schemas.find(&format!("mgr/{module}/{option}"));
                if schema.is_none_or(|(_, schema)| schema.normalise(&value).is_ok()) {
                    found.insert(option.to_owned(), (value, revision));
                }
            }
        }
        found
    }

    /// One entry of [`module_snapshot`](Self::module_snapshot), without the cost of the others.
    #[must_use]
    pub fn module_option(&self, module: &str, option: &str) -> Option<(String, u64)> {
        let name = format!("mgr/{module}/{option}");
        let schema = self.schemas.find(&name);
        let layers = Section::daemon("mgr", &self.mgr_id).layers();
        layers.iter().rev().find_map(|layer| {
            let entry = self.storage.get(&format!("{PREFIX}{layer}/{name}"))?;
            let value = text(&entry.value);
            let valid = schema.as_ref().is_none_or(|(_, schema)| schema.normalise(&value).is_ok());
            valid.then_some((value, entry.revision))
        })
    }

    /// The names of all options.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.schemas.all().into_keys().collect()
    }

    /// An option's declaration, by its full name.
    #[must_use]
    pub fn help(&self, name: &str) -> Option<Arc<OptionSchema>> {
        self.schemas.find(name).map(|(_, schema)| schema)
    }
}

fn entity(who: &str) -> Result<Section, OptionError> {
    who.parse().map_err(|()| OptionError::UnknownEntity(who.to_owned()))
}

/// The normalized default of an option.
pub(super) fn default_text(schema: &OptionSchema) -> String {
    let default = schema.default.clone().unwrap_or_default();
    schema.normalise(&default).unwrap_or(default)
}
