//! The limits that a manifest sets for the process of its module.

use serde::Deserialize;

/// Limits of a module's process. An absent limit means unlimited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceLimits {
    /// Resident memory, in MiB. A process that uses more is restarted.
    pub memory_mb: Option<u64>,
    /// Open files.
    pub open_files: Option<u64>,
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
