//! The limits of a module as an operator sees them.

use std::fmt;

use super::keeper::Keeper;
use super::process::Usage;
use crate::module_limits::{Limit, Origin};

/// A limit of a module.
#[derive(Clone, Debug)]
pub struct LimitStatus {
    /// The limit.
    pub limit: Limit,
    /// Its value; none means no limit.
    pub value: Option<u64>,
    /// Who set it.
    pub origin: Origin,
    /// When it takes effect.
    pub effect: Effect,
    /// What keeps it.
    pub keeper: Keeper,
}

/// When a limit takes effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It has.
    Now,
    /// The module does not run.
    AtStart,
    /// The system refuses it to a running process.
    AtNextStart {
        /// What the system says.
        why: String,
    },
    /// The process was started by hand, so that `mgrd` does not limit it.
    AfterDebugging,
    /// It is more than `mgrd` can give to a module.
    Capped {
        /// What the module gets instead, as people write it.
        most: String,
        /// What has that value, and how to raise it.
        why: String,
    },
    /// Only control groups can keep it.
    NeedsControlGroups {
        /// Why there are none.
        why: String,
    },
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now => f.write_str("now"),
            Self::AtStart => f.write_str("when it starts"),
            Self::AtNextStart { why } => {
                write!(f, "from its next start on: {why}")
            }
            Self::AfterDebugging => f.write_str("when debugging has ended"),
            Self::Capped { most, why } => {
                write!(f, "only up to {most}, {why}, and start mgrd again")
            }
            Self::NeedsControlGroups { why } => {
                write!(
                    f,
                    "only once mgrd uses control groups, which this limit needs; it is not \
                     enforced now: {why}"
                )
            }
        }
    }
}

impl LimitStatus {
    /// The value, as people write it.
    #[must_use]
    pub fn value(&self) -> String {
        self.limit.show(self.value)
    }

    /// What changed for the module, as a sentence. `usage` is what it uses now.
    #[must_use]
    pub fn of_module(&self, module: &str, usage: Option<Usage>) -> String {
        let Self { limit, origin, effect, .. } = self;
        let origin = match origin {
            Origin::Operator => String::new(),
            other => format!(" ({other})"),
        };
        let mut text = format!("{limit} of module '{module}' is {}{origin} {effect}", self.value());
        let used = usage.filter(|_| *effect == Effect::Now).map(|usage| match limit {
            Limit::Memory => usage.rss_bytes,
            Limit::Processes => usage.tasks,
            _ => 0,
        });
        if self.value.is_some_and(|limit| used > Some(limit)) {
            text += "; it uses more, so it is killed and started again";
        }
        text
    }
}

#[cfg(test)]
mod tests;
