//! The limits that a process exceeds.

/// A limit that a module exceeds, with all that it started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Exceeded {
    /// It uses too much memory.
    #[error("ran out of memory: it used {used} MiB, and its limit is {limit} MiB")]
    Memory {
        /// What it used, in MiB.
        used: u64,
        /// The limit `memory`, in MiB.
        limit: u64,
    },
    /// It has too many processes and threads.
    #[error("had {count} processes and threads, and its limit is {limit}")]
    Processes {
        /// How many it had.
        count: u64,
        /// The limit `processes`.
        limit: u64,
    },
}

#[cfg(test)]
mod tests;
