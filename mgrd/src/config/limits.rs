//! The limits that an operator may set.

use std::time::Duration;

use serde::Deserialize;

use crate::{feed, module, seconds};

/// The table `[limits]` of `mgrd.toml`; what is absent keeps its default.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// How long all modules together may take to end when `mgrd` does.
    #[serde(with = "seconds")]
    pub shutdown_grace: Duration,
    /// `[limits.module]`: what each module is kept to.
    pub module: module::Policy,
    /// `[limits.feed]`: what each feed is kept to.
    pub feed: feed::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            shutdown_grace: Duration::from_secs(20),
            module: module::Policy::default(),
            feed: feed::Limits::default(),
        }
    }
}

#[cfg(test)]
#[path = "limits/tests.rs"]
mod tests;
