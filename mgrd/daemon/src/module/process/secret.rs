//! The secrets of runs: only the process of a run receives its secret.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use parking_lot::Mutex;
use sha2::{Digest, Sha256};

use super::tree::{Origin, PeerProcess, ProcessId};
use crate::authority::{RunIdentity, SecretError};

/// The runs whose secrets are valid now.
#[derive(Debug, Default)]
pub(in crate::module) struct LiveRuns {
    last_id: AtomicU64,
    by_id: Mutex<HashMap<u64, LiveRun>>,
}

#[derive(Debug)]
struct LiveRun {
    identity: RunIdentity,
    digest: [u8; 32],
    holder: Holder,
}

/// Which processes may use a secret.
#[derive(Debug)]
pub(in crate::module) enum Holder {
    /// Those in the tree of this one, which run as this user.
    Tree(ProcessId, u32),
    /// The first one that shows it, if no module started that, and its children.
    /// It must be of this user.
    ByHand(Option<ProcessId>, u32),
}

impl LiveRuns {
    /// The id of a new run.
    pub(in crate::module) fn next_id(&self) -> u64 {
        self.last_id.fetch_add(1, Relaxed) + 1
    }

    /// Makes a secret for a new run. Only its digest is kept.
    ///
    /// # Errors
    ///
    /// If the system has no random numbers.
    pub(in crate::module) fn admit(&self, run: RunIdentity, holder: Holder) -> io::Result<String> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let digest = Sha256::digest(&secret).into();
        self.by_id.lock().insert(run.id, LiveRun { identity: run, digest, holder });
        Ok(secret)
    }

    /// Makes the secret of a run invalid.
    pub(in crate::module) fn end(&self, run: u64) {
        self.by_id.lock().remove(&run);
    }

    /// Makes the secrets of a module's runs invalid that are started by hand.
    pub(in crate::module) fn end_by_hand(&self, module: &str) {
        let is_kept =
            |run: &LiveRun| matches!(run.holder, Holder::Tree(..)) || run.identity.module != module;
        self.by_id.lock().retain(|_, run| is_kept(run));
    }

    /// The process of a module that was started by hand, if it has shown its secret.
    pub(in crate::module) fn by_hand(&self, module: &str) -> Option<ProcessId> {
        let first = |run: &LiveRun| match run.holder {
            Holder::ByHand(first, _) if run.identity.module == module => first,
            _ => None,
        };
        self.by_id.lock().values().find_map(first)
    }

    pub(in crate::module) fn is_live(&self, run: u64) -> bool {
        self.by_id.lock().contains_key(&run)
    }

    /// The run that a secret belongs to. A process outside the tree of the run cannot use its secret.
    pub(in crate::module) fn authenticate(
        &self,
        secret: &str,
        peer: &PeerProcess,
        uid: u32,
    ) -> Result<RunIdentity, SecretError> {
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let mut runs = self.by_id.lock();
        // Takes as long for a wrong secret as for a right one.
        let same = |run: &&mut LiveRun| {
            let differences = run.digest.iter().zip(&digest).map(|(a, b)| a ^ b);
            differences.fold(0, |all, one| all | one) == 0
        };
        let run = runs.values_mut().find(same).ok_or(SecretError::Unknown)?;
        if uid != run.holder.uid() {
            return Err(SecretError::WrongUser { uid });
        }
        if !run.holder.admits(peer) {
            return Err(SecretError::WrongProcess { pid: peer.pid });
        }
        Ok(run.identity.clone())
    }
}

impl Holder {
    /// The user of those processes.
    fn uid(&self) -> u32 {
        match self {
            Self::Tree(_, uid) | Self::ByHand(_, uid) => *uid,
        }
    }

    fn admits(&mut self, peer: &PeerProcess) -> bool {
        match (self, &peer.origin) {
            (Self::Tree(leader, _), Origin::Tree(tree)) => tree.leader == *leader,
            (Self::ByHand(first, _), Origin::Outside) => {
                *first = first.or(peer.chain.first().copied());
                first.is_some_and(|first| peer.chain.contains(&first))
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
