//! Mutes: checks that an operator knows of and does not want to hear of for a while.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::merged_check::MergedCheck;

/// One muted code. Stored as it is, so that mutes outlive a restart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mute {
    /// The code of the check.
    pub code: String,
    /// When it ends by itself; absent means never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ttl: Option<Timestamp>,
    /// Whether it stays when the check clears or grows worse.
    pub sticky: bool,
    /// The check's summary when it was muted; empty if it was not raised.
    pub summary: String,
    /// The check's count when it was muted.
    pub count: i64,
    /// Whether it comes from before a restart and its check was not seen since: it may not have
    /// been reported yet.
    #[serde(skip)]
    pub(super) waiting: bool,
}

/// Refused: there is nothing to mute.
#[derive(Debug, thiserror::Error)]
#[error("health alert {0} is not currently raised")]
pub struct NotRaised(pub(super) String);

impl Mute {
    /// How long it still lasts; `None` if it has no end.
    #[must_use]
    pub fn remaining(&self, now: Timestamp) -> Option<Duration> {
        let left = self.ttl?.duration_since(now);
        Some(Duration::try_from(left).unwrap_or_default())
    }

    /// Whether it still holds: not past its end, and unless sticky, its check is still raised and
    /// concerns no more things than when it was muted.
    pub(super) fn holds(&self, check: Option<&MergedCheck>, now: Timestamp) -> bool {
        let over = self.ttl.is_some_and(|end| end <= now);
        let same = check.map_or(self.waiting, |check| check.count <= self.count);
        !over && (self.sticky || same)
    }
}

#[cfg(test)]
mod tests;
