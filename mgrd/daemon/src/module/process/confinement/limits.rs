//! The limits that a manifest sets for the process of its module.

use serde::Deserialize;

/// Limits of a module's process. An absent limit means unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceLimits {
    /// Resident memory of the process and all that it started, in MiB. A module that uses more is
    /// restarted.
    pub memory_mb: Option<u64>,
    /// Open files.
    pub open_files: Option<u64>,
}

/// A limit with which no process could run, or that is probably a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the limit {name} = {value} is not allowed: use {least} to {most}, or remove it for no limit"
)]
pub struct LimitError {
    /// The name of the limit.
    pub name: &'static str,
    /// Its value.
    pub value: u64,
    /// The smallest allowed value.
    pub least: u64,
    /// The largest allowed value.
    pub most: u64,
}

impl ResourceLimits {
    /// Checks that a process can run within the limits.
    pub(in crate::module) fn check(&self) -> Result<(), LimitError> {
        let memory = ("memory_mb", self.memory_mb, 1, 1 << 24);
        // The least is what a process opens to attach: its output, its secret, its socket.
        let open_files = ("open_files", self.open_files, 8, 1 << 30);
        for (name, value, least, most) in [memory, open_files] {
            if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                return Err(LimitError { name, value, least, most });
            }
        }
        Ok(())
    }
}

/// A limit that a process exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    /// It uses too much memory.
    #[error("uses {used} MiB of memory; its limit is {limit} MiB")]
    Memory {
        /// What it uses, in MiB.
        used: u64,
        /// `memory_mb` of its manifest.
        limit: u64,
    },
}

#[cfg(test)]
mod tests;
