//! Reading options: what is set, and what of it counts for whom.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::error::OptionError;
use super::handle::Options;
use super::schema::{Level, OptionSchema};
use super::schemas::Origin;
use super::section::Section;

/// One value that is set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Whom it is set for.
    pub section: Section,
    /// The option's full name.
    pub name: String,
    /// The value.
    pub value: String,
    /// The revision that set it.
    pub revision: u64,
    /// Who the option is for.
    pub level: Level,
    /// Whether a change takes effect at once.
    pub runtime: bool,
}

/// The value that applies to one entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effective {
    /// The value.
    pub value: String,
    /// What set it; `None` for the default.
    pub set: Option<Setting>,
    /// The less specific settings that it overrides, least specific first.
    pub overrides: Vec<Setting>,
}

impl Options {
    /// All that is set, by section: `global` first, then types, then daemons.
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

    /// All that counts for a section and is set, by name; the most specific setting of each.
    ///
    /// # Errors
    /// If there is no such section.
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

    /// The value of an option for a section: what is set, or the default.
    ///
    /// # Errors
    /// If there is no such section or option.
    pub fn get(&self, who: &str, name: &str) -> Result<String, OptionError> {
        if let Some(found) = self.effective(who)?.remove(name) {
            return Ok(found.value);
        }
        let schema = self.schemas.find(name).map(|(_, schema)| schema);
        let schema = schema.ok_or_else(|| OptionError::UnknownKey(name.to_owned()))?;
        Ok(default_text(&schema))
    }

    /// An option of this manager, as the type it has.
    ///
    /// # Errors
    /// If there is no such option.
    pub fn get_ceph_option(&self, name: &str) -> Result<Value, OptionError> {
        self.get_foreign_option(&format!("mgr.{}", self.mgr_id()), name)
    }

    /// An option of the cluster as a daemon or a type of daemons sees it, as the type it has.
    ///
    /// # Errors
    /// If there is no such section, or no such option outside modules.
    pub fn get_foreign_option(&self, who: &str, name: &str) -> Result<Value, OptionError> {
        if who == "global" {
            return Err(OptionError::UnknownEntity(who.to_owned()));
        }
        match self.schemas.find(name) {
            Some((Origin::Ceph, schema)) => Ok(schema.typed(&self.get(who, name)?)),
            _ => Err(OptionError::UnknownKey(name.to_owned())),
        }
    }

    /// A module's option as it is set for this manager, as the type it has.
    #[must_use]
    pub fn get_module_option(&self, module: &str, option: &str) -> Option<Value> {
        let (value, _) = self.module_snapshot(module).remove(option)?;
        let schema = self.schemas.find(&format!("mgr/{module}/{option}"));
        Some(schema.map_or(Value::String(value.clone()), |(_, schema)| schema.typed(&value)))
    }

    /// All options of a module that are set for this manager, with the revision that set each:
    /// keys are `<option>` and `<mgr id>/<option>`. A value that the option refuses (set by force,
    /// or before its declaration changed) is left out, so that the module reads its default.
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

/// The default of an option in the form its values have.
pub(super) fn default_text(schema: &OptionSchema) -> String {
    let default = schema.default.clone().unwrap_or_default();
    schema.normalise(&default).unwrap_or(default)
}
