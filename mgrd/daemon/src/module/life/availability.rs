//! Whether a module can be asked to run a command or a remote call.

use std::sync::Arc;

use super::machine::Life;
use super::phase::Phase;
use super::reason::Reason;
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
        fault: Option<Arc<Reason>>,
    },
    /// It is being debugged, and was not started yet.
    NotAttached,
    /// It does not run.
    Down(Arc<Reason>),
}

impl Availability {
    /// That of a module with this life and this live session.
    pub(super) fn of(life: &Life, session: Option<Arc<Session>>) -> Self {
        match (&life.phase, session) {
            (Phase::Disabled | Phase::Stopped, _) => Self::Disabled,
            (Phase::Stopping { .. }, _) if !life.wanted => Self::Disabled,
            (Phase::Starting { .. } | Phase::Stopping { .. }, _) => Self::Coming,
            // A debugger may stop a module before it is ready.
            (Phase::Debugging, Some(session)) if session.is_ready() => {
                Self::Up { session, fault: None }
            }
            (Phase::Debugging, Some(_)) => Self::Coming,
            (Phase::Debugging, None) => Self::NotAttached,
            (Phase::Running { fault, .. }, Some(session)) => {
                Self::Up { session, fault: fault.clone() }
            }
            (Phase::Running { .. }, None) => Self::Coming,
            (
                Phase::Backoff { reason, .. }
                | Phase::Failed { reason, .. }
                | Phase::CannotRun { reason },
                _,
            ) => Self::Down(Arc::clone(reason)),
        }
    }
}
