//! Why a feed is refused.

use mgrd_command::{CommandError, Errno};

use crate::cluster::CounterError;

/// Why `mgrd` refuses what a feed sends.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// The name is invalid.
    #[error("'{0}' is not a name for a feed; use 1 to 64 letters, digits, '-', '_' or '.'")]
    Name(String),
    /// A newer connection uses the same name.
    #[error("feed '{0}' has connected again; use the newer connection")]
    TakenOver(String),
    /// A document is not JSON.
    #[error("document '{name}' is not JSON: {source}; send JSON text")]
    NotJson {
        /// Which document.
        name: String,
        /// Where the text is wrong.
        source: serde_json::Error,
    },
    /// The document `health` has no checks.
    #[error(
        "document 'health' has no checks; send it as {{\"json\": \"…\"}} with checks in its text"
    )]
    NoChecks,
    /// The feed has too many of something.
    #[error("too many {what}: a feed may have {limit}; remove some first")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// Something is too large.
    #[error("{what} is too large: {limit} bytes are allowed; send less")]
    TooLarge {
        /// What is too large.
        what: String,
        /// The limit.
        limit: usize,
    },
    /// A name holds a control character.
    #[error("{what} '{name}' holds a line break or another control character; send it without")]
    OddName {
        /// What has the name.
        what: &'static str,
        /// The name, with the control characters as escapes.
        name: String,
    },
    /// Another feed sends it.
    #[error("{what} belongs to feed '{feed}'; let only one feed send it")]
    Taken {
        /// What.
        what: String,
        /// The feed that sends it.
        feed: String,
    },
    /// The counters do not fit their schema.
    #[error(transparent)]
    Counters(#[from] CounterError),
    /// Some of several changes were refused.
    #[error("{refused} of {all} were refused and the others taken; the first: {first}")]
    Some {
        /// How many were refused.
        refused: usize,
        /// How many there were.
        all: usize,
        /// Why the first one was refused.
        first: Box<Self>,
    },
}

impl CommandError for FeedError {
    fn errno(&self) -> Errno {
        match self {
            Self::TakenOver(_) => Errno::ECANCELED,
            Self::TooMany { .. } => Errno::ENOSPC,
            Self::Name(_)
            | Self::NotJson { .. }
            | Self::NoChecks
            | Self::TooLarge { .. }
            | Self::OddName { .. }
            | Self::Taken { .. }
            | Self::Counters(_)
            | Self::Some { .. } => Errno::EINVAL,
        }
    }
}

#[cfg(test)]
mod tests;
