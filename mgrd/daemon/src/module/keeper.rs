//! What keeps the limits of a module.

use std::fmt;

use super::process::Controllers;
use crate::module_limits::Limit;

/// What keeps a limit of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// The control group of the module.
    ControlGroup,
    /// `mgrd` measures the module and all that it started.
    Sampling,
    /// The resource limit of each of its processes.
    ResourceLimit,
    /// `mgrd`, which carries out what is limited.
    Manager,
    /// Nothing can.
    Nothing,
}

impl Keeper {
    /// What keeps the limit of a module with these controllers.
    #[must_use]
    pub fn of(limit: Limit, controllers: Controllers) -> Self {
        match limit {
            _ if controllers.keep(limit) => Self::ControlGroup,
            Limit::Memory | Limit::Processes => Self::Sampling,
            Limit::Cpu | Limit::CpuWeight => Self::Nothing,
            Limit::OpenFiles => Self::ResourceLimit,
            _ => Self::Manager,
        }
    }
}

impl fmt::Display for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ControlGroup => "control group",
            Self::Sampling => "sampling",
            Self::ResourceLimit => "resource limit",
            Self::Manager => "mgrd",
            Self::Nothing => "nothing",
        })
    }
}

/// What keeps the limits of a module with these controllers, in a word or two.
#[must_use]
pub fn mechanism(controllers: Controllers) -> String {
    match controllers {
        Controllers { cpu: true, memory: true, pids: true } => "cgroup".to_owned(),
        Controllers { cpu: false, memory: false, pids: false } => "sampling".to_owned(),
        some => format!("cgroup ({some})"),
    }
}

#[cfg(test)]
mod tests;
