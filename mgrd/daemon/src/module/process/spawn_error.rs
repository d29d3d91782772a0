//! Why a process cannot be started.

use std::ffi::NulError;
use std::io;
use std::time::Duration;

use super::steps::{StepError, Steps};
use super::user::LoginError;
use crate::module::folder::is_passing;

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
    /// What its user needs cannot be set up.
    #[error(transparent)]
    Login(#[from] LoginError),
    /// The child cannot become what it should be.
    #[error(transparent)]
    Step(#[from] StepError),
}

impl SpawnError {
    /// Whether another try may succeed although nothing was changed.
    pub(in crate::module) fn is_passing(&self) -> bool {
        match self {
            Self::Silent { .. } | Self::Busy { .. } => true,
            Self::System { source, .. } => is_passing(source),
            Self::Login(error) => error.is_passing(),
            Self::Step(error) => is_passing(&error.source),
        }
    }

    /// Whether an operator must change something first.
    pub(in crate::module) fn is_refusal(&self) -> bool {
        matches!(self, Self::Login(_) | Self::Step(_))
    }
}

/// Why the attempt on a thread failed.
#[derive(Debug)]
pub(super) enum Fault {
    System(io::Error),
    Login(LoginError),
    Step(StepError),
}

impl Fault {
    /// A child failed in this step.
    pub(super) fn of(steps: &Steps, step: Option<usize>, error: io::Error) -> Self {
        let errno = error.raw_os_error().unwrap_or_default();
        let again = || io::Error::from_raw_os_error(errno);
        let failed = step.and_then(|step| steps.error(step, again()));
        failed.map_or(Self::System(error), Self::Step)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<nix::Error> for Fault {
    fn from(error: nix::Error) -> Self {
        Self::System(error.into())
    }
}

impl From<NulError> for Fault {
    fn from(error: NulError) -> Self {
        Self::System(error.into())
    }
}

#[cfg(test)]
mod tests;
