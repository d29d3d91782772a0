//! Who writes what all share, and how much of it they may fill.

use std::fmt;

use super::caller::Caller;
use super::identity::Identity;
use crate::limits_reached::reached;

/// Who writes keys or options. The default is `mgrd` itself.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    caller: Option<Caller>,
    leaves_room: bool,
}

impl Writer {
    /// A module. It leaves room for clients, so that operators can act when modules have filled the rest.
    #[must_use]
    pub fn module(name: &str) -> Self {
        Self { caller: Some(Caller::module(name)), leaves_room: true }
    }

    /// A module that writes to its own store.
    #[must_use]
    pub fn owner(name: &str) -> Self {
        Self { caller: Some(Caller::module(name)), leaves_room: false }
    }

    /// How much of a limit it may use.
    #[must_use]
    pub fn room(&self, limit: usize) -> Room {
        let kept = if self.leaves_room { limit / 8 } else { 0 };
        Room { usable: limit - kept, limit }
    }

    /// Remembers for health that a write is refused because of the limit of this name.
    pub fn reached(&self, limit: &'static str) {
        if let Some(caller) = &self.caller {
            reached(caller, limit);
        }
    }
}

impl From<&Identity> for Writer {
    fn from(identity: &Identity) -> Self {
        let is_client = matches!(identity, Identity::LocalUser { .. });
        Self { caller: Some(identity.into()), leaves_room: !is_client }
    }
}

/// A limit, as it holds for one writer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// How much the writer may use.
    pub usable: usize,
    limit: usize,
}

impl fmt::Display for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.usable == self.limit {
            true => write!(f, "{}", self.limit),
            false => write!(f, "{} (7/8 of {}, because a module writes)", self.usable, self.limit),
        }
    }
}
