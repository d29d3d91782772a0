//! Who may attach: every start of a module has a secret that only its process was given.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use nix::unistd::{Pid, getpgid, getuid};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use crate::module::error::AttachError;

/// What a module process was started for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To work.
    Run,
    /// Only to say what it offers.
    Describe,
}

/// Proof that a peer is the process of a certain start of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The module.
    pub module: String,
    /// What it was started for.
    pub purpose: Purpose,
    /// Which start.
    pub(in crate::module) start: u64,
}

#[cfg(test)]
impl Ticket {
    pub(crate) fn of(module: &str, purpose: Purpose) -> Self {
        Self { module: module.to_owned(), purpose, start: 1 }
    }
}

/// The living starts.
#[derive(Debug, Default)]
pub(in crate::module) struct Starts {
    last: AtomicU64,
    living: Mutex<HashMap<u64, Start>>,
}

#[derive(Debug)]
struct Start {
    ticket: Ticket,
    digest: [u8; 32],
    /// The process and its group; none for one that somebody starts by hand.
    pid: Option<i32>,
}

impl Starts {
    /// The number of a new start.
    pub(in crate::module) fn next(&self) -> u64 {
        self.last.fetch_add(1, Relaxed) + 1
    }

    /// Makes a secret for a new start; only its digest is kept.
    pub(in crate::module) fn admit(&self, ticket: Ticket, pid: Option<i32>) -> io::Result<String> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let digest = Sha256::digest(&secret).into();
        self.living.lock().insert(ticket.start, Start { ticket, digest, pid });
        Ok(secret)
    }

    pub(in crate::module) fn end(&self, start: u64) {
        self.living.lock().remove(&start);
    }

    /// Ends the starts of a module that were made by hand.
    pub(in crate::module) fn end_by_hand(&self, module: &str) {
        self.living.lock().retain(|_, start| start.pid.is_some() || start.ticket.module != module);
    }

    pub(in crate::module) fn is_living(&self, start: u64) -> bool {
        self.living.lock().contains_key(&start)
    }

    /// Who the peer is. A secret that was passed on is worth nothing to another process.
    pub(in crate::module) fn authenticate(
        &self,
        secret: &str,
        pid: Option<i32>,
        uid: u32,
    ) -> Result<Ticket, AttachError> {
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let living = self.living.lock();
        let same = |start: &&Start| {
            let differences = start.digest.iter().zip(&digest).map(|(a, b)| a ^ b);
            differences.fold(0, |all, one| all | one) == 0
        };
        let start = living.values().find(same).ok_or(AttachError::BadSecret)?;
        if uid != getuid().as_raw() {
            return Err(AttachError::WrongUser { uid });
        }
        match (start.pid, pid) {
            (None, _) => {}
            (Some(own), Some(peer)) if own == peer || group(peer) == Some(own) => {}
            (Some(_), peer) => {
                return Err(AttachError::WrongProcess { pid: peer.unwrap_or_default() });
            }
        }
        Ok(start.ticket.clone())
    }

    /// The module whose process `pid` is, or that started it.
    pub(in crate::module) fn module_of_process(&self, pid: i32) -> Option<String> {
        let group = group(pid);
        let is_its = |own: i32| own == pid || group == Some(own);
        let living = self.living.lock();
        let start = living.values().find(|start| start.pid.is_some_and(is_its));
        start.map(|start| start.ticket.module.clone())
    }
}

fn group(pid: i32) -> Option<i32> {
    getpgid(Some(Pid::from_raw(pid))).ok().map(Pid::as_raw)
}

#[cfg(test)]
mod tests;
