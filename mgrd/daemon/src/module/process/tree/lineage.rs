//! Where a process comes from that connects.

use std::sync::Arc;

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::forest::{Tree, known, own_pid};
use super::stat::{ProcessId, Stat};

/// A chain of ancestors that is longer is taken for an attempt to hide where it begins.
const MOST_ANCESTORS: usize = 256;
/// How often a chain is read again because one of its processes ended meanwhile.
const ATTEMPTS: usize = 3;

/// Where a process comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::module) enum Origin {
    /// No module started it.
    Outside,
    /// It belongs to the tree of a module process.
    Tree(Arc<Tree>),
    /// A module started it, or it cannot be known: it has ended, or hides its ancestors.
    Unnamed,
}

/// A process that has connected, and where it comes from. To find that out takes one look at each of
/// its ancestors, so it is kept for the whole connection.
#[derive(Clone, Debug)]
pub struct PeerProcess {
    pub(in crate::module) pid: i32,
    /// The process and its ancestors, as far as they were looked at.
    pub(in crate::module) chain: Vec<ProcessId>,
    pub(in crate::module) origin: Origin,
}

impl PeerProcess {
    /// The process with this number. The number is 0 if it is outside what `mgrd` can see; then no
    /// module started it.
    #[must_use]
    pub fn of(pid: i32) -> Self {
        if pid <= 0 {
            return Self { pid, chain: Vec::new(), origin: Origin::Outside };
        }
        let mut chain = Vec::new();
        let origin = (0..ATTEMPTS).find_map(|_| {
            chain.clear();
            walk(pid, &mut chain)
        });
        Self { pid, chain, origin: origin.unwrap_or(Origin::Unnamed) }
    }

    /// The module that it belongs to.
    #[must_use]
    pub fn module(&self) -> Option<&str> {
        match &self.origin {
            Origin::Tree(tree) => Some(&tree.module),
            _ => None,
        }
    }

    /// Whether no module started it.
    #[must_use]
    pub fn is_outside(&self) -> bool {
        self.origin == Origin::Outside
    }
}

/// Where process `pid` comes from; none if one of the processes ended meanwhile.
fn walk(pid: i32, chain: &mut Vec<ProcessId>) -> Option<Origin> {
    let mut next = pid;
    while chain.len() < MOST_ANCESTORS {
        if next == own_pid() {
            return Some(if next == pid { Origin::Outside } else { Origin::Unnamed });
        }
        if next == 0 {
            return Some(Origin::Outside);
        }
        let Some(stat) = Stat::read(next) else {
            // Some hosts hide the processes of other users. A process of a module is not among these:
            // it cannot change its user, unless `mgrd` runs as root, which sees all.
            return is_of_another_user(next).then_some(Origin::Outside);
        };
        chain.push(stat.id);
        match known(&stat) {
            Some(Some(tree)) => return Some(Origin::Tree(tree)),
            Some(None) => return Some(Origin::Outside),
            None => next = stat.parent,
        }
    }
    Some(Origin::Unnamed)
}

/// Whether there is a process with this number to which `mgrd` may not send signals.
fn is_of_another_user(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None) == Err(Errno::EPERM)
}
