//! What the watchdog complains about.

use std::time::Duration;

use super::cause::Cause;
use super::overdue::Overdue;
use crate::module::process::Exceeded;

/// What the watchdog complains about, as the end of a sentence about the module.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Complaint {
    /// It exceeds a limit of its manifest.
    #[error(transparent)]
    Exceeds(Exceeded),
    /// Its process lives on without a session.
    #[error("ended its session, but not its process")]
    SessionEnded,
    /// It has not answered the last ping for so long that health warns.
    #[error("does not answer pings for {} s{}", .since.as_secs(), colon(.cause))]
    Unanswered {
        /// For how long.
        since: Duration,
        /// Why, as far as its threads show it.
        cause: Option<Cause>,
    },
    /// It has not answered the last ping for so long that it is restarted.
    #[error("did not answer a ping for {} s{}", .since.as_secs(), colon(.cause))]
    Hung {
        /// For how long.
        since: Duration,
        /// Why, as far as its threads show it.
        cause: Option<Cause>,
    },
    /// Something that it does takes long.
    #[error("{0}")]
    Overdue(Overdue),
}

fn colon(cause: &Option<Cause>) -> String {
    cause.as_ref().map(|cause| format!(": {cause}")).unwrap_or_default()
}

#[cfg(test)]
mod tests;
