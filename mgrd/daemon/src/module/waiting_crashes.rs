//! The crashes that are not stored yet.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

use super::crashed_run::CrashedRun;

/// How many crashes wait at most.
const MOST: usize = 64;

/// The runs that ended unexpectedly and are not stored yet. They outlive a term: a standby cannot
/// store them, so they wait until its manager is active.
#[derive(Debug, Default)]
pub struct WaitingCrashes {
    runs: Mutex<VecDeque<Arc<CrashedRun>>>,
    added: Notify,
}

impl WaitingCrashes {
    /// Adds a crash, without waiting. If there are too many, the oldest of the module that has the most
    /// is dropped: a module that crashes in a loop must not fill the memory, nor hide the others.
    pub fn add(&self, run: CrashedRun) {
        let dropped = {
            let mut runs = self.runs.lock();
            runs.push_back(Arc::new(run));
            (runs.len() > MOST).then(|| remove_surplus(&mut runs)).flatten()
        };
        self.added.notify_one();
        if let Some(run) = dropped {
            tracing::warn!(
                module = run.module,
                "the report '{}' of a crash of the module is lost, because more than {MOST} reports wait \
                 to be stored",
                run.id
            );
        }
    }

    /// Waits for a crash. Returns the oldest one, which stays here until it is removed.
    pub async fn oldest(&self) -> Arc<CrashedRun> {
        loop {
            if let Some(run) = self.runs.lock().front() {
                return Arc::clone(run);
            }
            self.added.notified().await;
        }
    }

    /// Removes a crash that was stored, or cannot be stored.
    pub fn remove(&self, id: &str) {
        self.runs.lock().retain(|run| run.id != id);
    }
}

/// Removes the oldest crash of the module that has the most.
fn remove_surplus(runs: &mut VecDeque<Arc<CrashedRun>>) -> Option<Arc<CrashedRun>> {
    let mut counts = BTreeMap::<&str, usize>::new();
    for run in runs.iter() {
        *counts.entry(&run.module).or_default() += 1;
    }
    let (module, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    let oldest = runs.iter().position(|run| run.module == module)?;
    runs.remove(oldest)
}

#[cfg(test)]
mod tests;
