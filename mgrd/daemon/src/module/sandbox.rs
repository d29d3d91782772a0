//! How far a module is kept from the files of the system. Only the settings of `mgrd` say that.

use std::collections::BTreeMap;
use std::fmt;

/// The walls around a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sandbox {
    /// It has a `/tmp` and a `/var/tmp` of its own.
    pub private_tmp: bool,
    /// It can write only in its own folders, `/dev` and `/proc`.
    pub read_only: bool,
}

/// A text does not name a wall.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not known; write private_tmp, read_only, both of them, or none")]
pub struct BadSandbox(String);

const PRIVATE_TMP: &str = "private_tmp";
const READ_ONLY: &str = "read_only";

impl Sandbox {
    /// Reads names.
    ///
    /// # Errors
    ///
    /// If a name is not known.
    pub fn read<'a>(names: impl IntoIterator<Item = &'a str>) -> Result<Self, BadSandbox> {
        let mut sandbox = Self::default();
        for name in names {
            match name {
                PRIVATE_TMP => sandbox.private_tmp = true,
                READ_ONLY => sandbox.read_only = true,
                other => return Err(BadSandbox(crate::text::line(other, 100))),
            }
        }
        Ok(sandbox)
    }

    /// The names of what is set.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        let all = [(self.private_tmp, PRIVATE_TMP), (self.read_only, READ_ONLY)];
        all.into_iter().filter_map(|(set, name)| set.then_some(name)).collect()
    }

    /// Whether nothing is set.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Self::default()
    }
}

impl fmt::Display for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(", "))
    }
}

/// The walls around all modules.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sandboxes {
    /// Those of modules without any of their own.
    pub all: Sandbox,
    /// Those of single modules.
    pub own: BTreeMap<String, Sandbox>,
}

impl Sandboxes {
    /// The walls around a module.
    #[must_use]
    pub fn of(&self, module: &str) -> Sandbox {
        self.own.get(module).copied().unwrap_or(self.all)
    }
}

#[cfg(test)]
mod tests;
