//! `[limits.module]`: one table, to which several folders contribute.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};

use crate::module;
use crate::store::StoreLimits;

/// The table `[limits.module]`. An absent key keeps its default.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct ModuleLimits {
    /// The limits of modules and their processes.
    #[cfg_attr(test, serde(flatten))]
    pub modules: module::Limits,
    /// The limits of the store of each module.
    #[cfg_attr(test, serde(flatten))]
    pub store: StoreLimits,
}

fn names() -> impl Iterator<Item = &'static str> {
    module::Limits::names().chain(StoreLimits::NAMES.iter().copied())
}

impl<'de> Deserialize<'de> for ModuleLimits {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Table)
    }
}

struct Table;

impl<'de> Visitor<'de> for Table {
    type Value = ModuleLimits;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table of limits")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<ModuleLimits, A::Error> {
        let mut limits = ModuleLimits::default();
        while let Some(Name(name)) = table.next_key()? {
            // One of them has the limit, because the name is known.
            let _ =
                limits.modules.read(&name, &mut table)? || limits.store.read(&name, &mut table)?;
        }
        Ok(limits)
    }
}

/// The name of a limit.
struct Name(String);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let name = String::deserialize(from)?;
        if names().any(|known| known == name) {
            return Ok(Self(name));
        }
        let known: Vec<_> = names().map(|name| format!("`{name}`")).collect();
        let known = known.join(", ");
        Err(D::Error::custom(format!("unknown field `{name}`, expected one of {known}")))
    }
}
