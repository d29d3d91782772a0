//! Mutes: checks that an operator hides for some time.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::merged_check::MergedCheck;

/// One mute. It is stored, so that it survives a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// The code of the check.
    pub code: String,
    /// When it ends. Absent means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Timestamp>,
    /// Whether it stays when the check clears or becomes worse.
    pub sticky: bool,
    /// The summary of the check when it was muted. Empty if it was not raised.
    pub summary: String,
    /// The count of the check when it was muted.
    pub count: i64,
    /// Whether it comes from the storage and its check has not been reported since the restart.
    #[serde(skip)]
    pub(super) waiting: bool,
}

/// Bytes of the code of a mute, as of a check.
const CODE_BYTES: usize = 256;
/// Mutes at the same time. They are stored, and each report has them.
const MUTES: usize = 256;

/// Why a check cannot be muted.
#[derive(Debug, thiserror::Error)]
pub enum NotMuted {
    /// The check is not raised.
    #[error(
        "health alert {0} is not currently raised; `mgrctl health` lists those that are, and --sticky \
         mutes one before it is raised"
    )]
    NotRaised(String),
    /// No check has such a code.
    #[error("the code has {bytes} bytes, at most {limit}; `mgrctl health` lists the codes")]
    CodeTooLong {
        /// Those of the code.
        bytes: usize,
        /// The most.
        limit: usize,
    },
    /// Other checks are muted.
    #[error(
        "{limit} health alerts are muted, and there can be no more; end one with `mgrctl health unmute`"
    )]
    TooMany {
        /// The most.
        limit: usize,
    },
}

impl NotMuted {
    /// Whether one more check can be muted, beside so many others.
    pub(super) fn check(code: &str, others: usize) -> Result<(), Self> {
        let bytes = code.len();
        if bytes > CODE_BYTES {
            return Err(Self::CodeTooLong { bytes, limit: CODE_BYTES });
        }
        if others >= MUTES {
            return Err(Self::TooMany { limit: MUTES });
        }
        Ok(())
    }
}

impl Mute {
    /// The time until it ends. `None` if it has no end.
    #[must_use]
    pub fn remaining(&self, now: Timestamp) -> Option<Duration> {
        let left = self.ttl?.duration_since(now);
        Some(Duration::try_from(left).unwrap_or_default())
    }

    /// Whether it still applies. It ends at its time. If it is not sticky, it also ends when its check
    /// clears or concerns more things than when it was muted.
    pub(super) fn holds(&self, check: Option<&MergedCheck>, now: Timestamp) -> bool {
        let over = self.ttl.is_some_and(|end| end <= now);
        let same = check.map_or(self.waiting, |check| check.count <= self.count);
        !over && (self.sticky || same)
    }
}

#[cfg(test)]
mod tests;
