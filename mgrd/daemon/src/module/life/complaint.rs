//! What the watchdog complains about.

use std::time::Duration;

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
    #[error("does not answer pings for {} s", .0.as_secs())]
    Unanswered(Duration),
    /// It has not answered the last ping for so long that it is restarted.
    #[error("did not answer a ping for {} s", .0.as_secs())]
    Hung(Duration),
    /// One of its handlers does not finish.
    #[error("has been busy for {} s with {handler}", .since.as_secs())]
    Busy {
        /// What the handler does, in the module's own words.
        handler: String,
        /// Its age.
        since: Duration,
    },
}

#[cfg(test)]
mod tests;
