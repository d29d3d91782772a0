//! The settings for one module, in their layers.

use std::fmt;

use parking_lot::RwLock;

use super::limit::Limit;
use super::settings::Settings;

/// Who set a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is the default of `mgrd`.
    Default,
    /// The configuration of `mgrd`, for all modules.
    Configuration,
    /// The author of the module, in its `module.toml`.
    Author,
    /// An operator, for this module.
    Operator,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Default => "default",
            Self::Configuration => "mgrd.toml",
            Self::Author => "module.toml",
            Self::Operator => "operator",
        })
    }
}

/// What is set for one module alone. The setting of an operator comes before that of the author. Without
/// either, the module has the limit that all modules have.
#[derive(Debug, Default)]
pub struct OwnLimits(RwLock<Layers>);

#[derive(Debug, Default)]
struct Layers {
    author: Settings,
    operator: Settings,
}

impl OwnLimits {
    /// The value that is set for the module, and who set it.
    #[must_use]
    pub fn set(&self, limit: Limit) -> Option<(Option<u64>, Origin)> {
        let layers = self.0.read();
        let of = |settings: &Settings, origin| settings.get(limit).map(|value| (value, origin));
        of(&layers.operator, Origin::Operator).or_else(|| of(&layers.author, Origin::Author))
    }

    /// The value for the module; `all` is that of all modules.
    #[must_use]
    pub fn or(&self, limit: Limit, all: Option<u64>) -> Option<u64> {
        self.set(limit).map_or(all, |(value, _)| value)
    }

    /// The same for a limit that counts in memory, and always is a number.
    #[must_use]
    pub fn count(&self, limit: Limit, all: usize) -> usize {
        let value = self.set(limit).and_then(|(value, _)| value);
        value.map_or(all, |value| usize::try_from(value).unwrap_or(usize::MAX))
    }

    /// What the operators have set.
    #[must_use]
    pub fn operator(&self) -> Settings {
        self.0.read().operator.clone()
    }

    /// Takes over what the author has set.
    pub fn set_author(&self, settings: Settings) {
        self.0.write().author = settings;
    }

    /// Takes over what the operators have set.
    pub fn set_operator(&self, settings: Settings) {
        self.0.write().operator = settings;
    }
}

#[cfg(test)]
mod tests;
