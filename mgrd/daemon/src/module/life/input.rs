//! What goes into the life of a module, and what comes out.

use std::time::{Duration, Instant};

use super::complaint::Complaint;
use super::reason::Reason;
use super::run_end::RunEnd;
use crate::module::session::SessionEnd;

/// What happened, or what an operator asks for.
#[derive(Clone, Debug)]
pub(in crate::module) enum Input {
    Enable,
    Disable,
    Restart,
    Debug,
    EndDebug,
    /// The manager ends.
    Shutdown,
    /// The module said ready.
    Ready,
    ExtendStart(Duration),
    /// The module took a part of the snapshot that it has to have before it can start.
    SnapshotPart,
    /// The main work ended with this error.
    WorkFailed(String),
    /// The module cannot run, as its hello shows.
    Refused(Reason),
    /// The watchdog wants a restart.
    Unhealthy(Complaint),
    /// The process ended, or could not be started.
    Ended(RunEnd),
    /// A session began or ended.
    SessionChanged,
    /// Time passed.
    Tick,
}

impl Input {
    /// How the session ends if this ends the process.
    pub(super) fn asked_end(&self) -> Option<SessionEnd> {
        match self {
            Self::Restart => Some(SessionEnd::Restarted),
            Self::Disable => Some(SessionEnd::Disabled),
            Self::Debug => Some(SessionEnd::DebuggingBegan),
            Self::Shutdown => Some(SessionEnd::ManagerEnded),
            _ => None,
        }
    }
}

/// What the supervisor must do.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Effect {
    /// Start a process.
    Start,
    /// End the process.
    Stop,
}

/// The time of an input, and a random number from -1 to 1 that spreads delays.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub(super) time: Instant,
    pub(super) jitter: f64,
}

impl Now {
    pub(super) fn read() -> Self {
        Self { time: Instant::now(), jitter: fastrand::f64() * 2.0 - 1.0 }
    }
}
