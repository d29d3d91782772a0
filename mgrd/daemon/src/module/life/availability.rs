//! Whether a module can be asked to run a command or a remote call.

use std::sync::Arc;

use super::machine::Life;
use super::phase::Phase;
use crate::module::session::Session;

/// Whether a module can be asked something.
#[derive(Clone, Debug)]
pub(in crate::module) enum Availability {
    Disabled,
    /// It is about to run; worth waiting for.
    Coming,
    Up {
        session: Arc<Session>,
        /// The error with which its main work ended, if it did.
        fault: Option<String>,
    },
    /// It does not run, for this reason.
    Down(String),
}

impl Availability {
    /// That of a module with this life and this live session.
    pub(super) fn of(life: &Life, session: Option<Arc<Session>>) -> Self {
        match (&life.phase, session) {
            (Phase::Disabled | Phase::Stopped, _) => Self::Disabled,
            (Phase::Stopping { .. }, _) if !life.wanted => Self::Disabled,
            (Phase::Starting { .. } | Phase::Stopping { .. }, _) => Self::Coming,
            // A module that is being debugged runs once its session is there.
            (Phase::Debugging, Some(session)) => Self::Up { session, fault: None },
            (Phase::Debugging, None) => {
                Self::Down("it is being debugged and not attached".to_owned())
            }
            (Phase::Running { fault, .. }, Some(session)) => {
                Self::Up { session, fault: fault.clone() }
            }
            (Phase::Running { .. }, None) => Self::Coming,
            (Phase::Backoff { .. } | Phase::Failed { .. } | Phase::CannotRun { .. }, _) => {
                Self::Down(life.reason().to_owned())
            }
        }
    }
}
