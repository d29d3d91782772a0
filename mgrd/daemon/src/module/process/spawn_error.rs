//! Why a process cannot be started.

use std::io;
use std::time::Duration;

/// Why there is no process.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    /// A file that it needs does not answer.
    #[error(
        "its program {program} does not answer within {} s (limits.module.spawn_timeout): check the \
         disk or mount that the program and its folder are on", .limit.as_secs_f32()
    )]
    Silent {
        /// The program.
        program: String,
        /// How long the start may take.
        limit: Duration,
    },
    /// Too many others do not answer.
    #[error(
        "its program {program} waits for its turn: {limit} programs are being started already \
         (limits.module.spawns), and do not answer"
    )]
    Busy {
        /// The program.
        program: String,
        /// How many processes may be started at the same time.
        limit: u32,
    },
    /// The system does not start it.
    #[error("cannot run {program}: {source}; check that it exists and may be executed")]
    System {
        /// The program.
        program: String,
        /// The error of the system.
        source: io::Error,
    },
}

#[cfg(test)]
mod tests;
