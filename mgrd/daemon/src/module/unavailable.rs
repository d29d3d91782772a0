//! Why a module cannot be asked to do something now.

use std::sync::Arc;
use std::time::Duration;

use super::life::Reason;
use super::session::SessionEnd;
use crate::health::span;

/// Why a module cannot be asked to do something now.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Unavailable {
    /// The module path has no module of that name.
    #[error("there is no such module; `mgrctl mgr module ls` lists them")]
    NoSuchModule,
    /// It is not enabled.
    #[error("it is not enabled; `mgrctl mgr module enable {module}` starts it")]
    Disabled {
        /// Its name.
        module: String,
    },
    /// It is not ready yet.
    #[error("it is still starting; try again when `mgrctl mgr module ls` shows it as running")]
    Starting,
    /// It is being debugged, and is not ready yet.
    #[error(
        "it is being debugged, and is not ready yet; let it continue in its debugger, or give it back \
         with `mgrctl mgr module debug {module} --end`"
    )]
    NotReady {
        /// Its name.
        module: String,
    },
    /// It is being debugged, and was not started yet.
    #[error(
        "it is being debugged, and no debugged process is connected; start it by hand, or give it \
         back with `mgrctl mgr module debug {module} --end`"
    )]
    NotAttached {
        /// Its name.
        module: String,
    },
    /// It does not run.
    #[error("{reason}; {} `mgrctl mgr module restart {module}`", when(*.next_try))]
    Down {
        /// Its name.
        module: String,
        /// The cause.
        #[source]
        reason: Arc<Reason>,
        /// How long until it is started again; none if it waits for an operator.
        next_try: Option<Duration>,
    },
    /// Its session has ended.
    #[error(transparent)]
    SessionEnded(SessionEnd),
}

impl Unavailable {
    /// Whether an error of the module is the cause.
    pub(super) fn is_error(&self) -> bool {
        match self {
            Self::Down { .. } => true,
            Self::SessionEnded(end) => !end.is_asked(),
            _ => false,
        }
    }
}

fn when(next_try: Option<Duration>) -> String {
    match next_try {
        None => "when that is repaired, start it with".to_owned(),
        Some(after) => format!("it is started again in {}, or at once with", span(after)),
    }
}

#[cfg(test)]
mod tests;
