//! Why a command about reports fails.

use mgrd_command::{CommandError, Errno};
use mgrd_storage::CommitError;

use crate::commit_errno::commit_errno;

/// Why a command about reports fails.
#[derive(Debug, thiserror::Error)]
pub enum CrashError {
    /// There is no report with this id.
    #[error("there is no report '{0}'; 'mgrctl mgr crash ls' lists the reports")]
    NotFound(String),
    /// What was posted is no report.
    #[error("malformed crash metadata: {0}")]
    Malformed(#[from] PostError),
    /// What was posted is too long.
    #[error(
        "the report has {bytes} bytes, and the limit is {limit} (limits.crash.report_bytes); \
         post a shorter one"
    )]
    TooLong {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The reports of modules take all the room.
    #[error(
        "the reports of modules take all the room that there is for reports (limits.crash); remove \
         some with 'mgrctl mgr crash prune DAYS' or 'mgrctl mgr crash rm ID'"
    )]
    Full,
    /// The storage refused.
    #[error(transparent)]
    Commit(#[from] CommitError),
}

/// What is wrong with a report that was posted.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// There is none.
    #[error("the input is empty; name a file with -i FILE, or - for the standard input")]
    Empty,
    /// It is not JSON.
    #[error("{0}; send one JSON object")]
    Json(#[from] serde_json::Error),
    /// A field is absent or is not text.
    #[error("missing '{0}' field; it must be a string")]
    Missing(&'static str),
    /// The id could be mistaken for something else.
    #[error(
        "the crash_id must have 1 to {limit} characters, each a letter, a digit or one of ._:+-"
    )]
    Id {
        /// The longest id.
        limit: usize,
    },
    /// The timestamp is none.
    #[error("the timestamp '{0}' is not of the form 2026-11-22T19:32:46.123456Z")]
    Timestamp(String),
}

impl CommandError for CrashError {
    fn errno(&self) -> Errno {
        match self {
            Self::NotFound(_) => Errno::ENOENT,
            Self::Malformed(_) => Errno::EINVAL,
            Self::TooLong { .. } => Errno::EFBIG,
            Self::Full => Errno::ENOSPC,
            Self::Commit(error) => commit_errno(error),
        }
    }
}

#[cfg(test)]
mod tests;
