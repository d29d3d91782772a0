//! The secrets of runs: only the process of a run receives its secret.

use std::collections::HashMap;
use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use nix::unistd::{Pid, getpgid, getuid};
use parking_lot::Mutex;
use sha2::{Digest, Sha256};

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
    /// The process and its group; none for one that is started by hand.
    pid: Option<i32>,
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
    pub(in crate::module) fn admit(
        &self,
        run: RunIdentity,
        pid: Option<i32>,
    ) -> io::Result<String> {
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let secret: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let digest = Sha256::digest(&secret).into();
        self.by_id.lock().insert(run.id, LiveRun { identity: run, digest, pid });
        Ok(secret)
    }

    /// Makes the secret of a run invalid.
    pub(in crate::module) fn end(&self, run: u64) {
        self.by_id.lock().remove(&run);
    }

    /// Makes the secrets of a module's runs invalid that are started by hand.
    pub(in crate::module) fn end_by_hand(&self, module: &str) {
        self.by_id.lock().retain(|_, run| run.pid.is_some() || run.identity.module != module);
    }

    pub(in crate::module) fn is_live(&self, run: u64) -> bool {
        self.by_id.lock().contains_key(&run)
    }

    /// The run that a secret belongs to. A process outside the process group of the run cannot use
    /// its secret.
    pub(in crate::module) fn authenticate(
        &self,
        secret: &str,
        pid: Option<i32>,
        uid: u32,
    ) -> Result<RunIdentity, SecretError> {
        let digest: [u8; 32] = Sha256::digest(secret).into();
        let runs = self.by_id.lock();
        // Takes as long for a wrong secret as for a right one.
        let same = |run: &&LiveRun| {
            let differences = run.digest.iter().zip(&digest).map(|(a, b)| a ^ b);
            differences.fold(0, |all, one| all | one) == 0
        };
        let run = runs.values().find(same).ok_or(SecretError::Unknown)?;
        if uid != getuid().as_raw() {
            return Err(SecretError::WrongUser { uid });
        }
        match (run.pid, pid) {
            (None, _) => {}
            (Some(own), Some(peer)) if own == peer || group(peer) == Some(own) => {}
            (Some(_), peer) => {
                return Err(SecretError::WrongProcess { pid: peer.unwrap_or_default() });
            }
        }
        Ok(run.identity.clone())
    }

    /// The module whose process `pid` is, or that started it.
    pub(in crate::module) fn module_of_process(&self, pid: i32) -> Option<String> {
        let group = group(pid);
        let is_its = |own: i32| own == pid || group == Some(own);
        let runs = self.by_id.lock();
        let run = runs.values().find(|run| run.pid.is_some_and(is_its));
        run.map(|run| run.identity.module.clone())
    }
}

fn group(pid: i32) -> Option<i32> {
    getpgid(Some(Pid::from_raw(pid))).ok().map(Pid::as_raw)
}

#[cfg(test)]
mod tests;
