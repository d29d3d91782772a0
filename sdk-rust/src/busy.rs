//! The work that a module has under way. The watchdog of the host asks for it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use parking_lot::Mutex;

#[derive(Clone, Debug, Default)]
pub(crate) struct Busy(Arc<Mutex<Works>>);

#[derive(Debug, Default)]
struct Works {
    next: u64,
    /// In the order in which they began.
    running: BTreeMap<u64, (Instant, String)>,
}

/// Work that is under way until this value is dropped.
#[derive(Debug)]
pub(crate) struct Working {
    busy: Busy,
    id: u64,
}

impl Busy {
    pub(crate) fn begin(&self, what: String) -> Working {
        let mut works = self.0.lock();
        let id = works.next;
        works.next += 1;
        works.running.insert(id, (Instant::now(), what));
        Working { busy: self.clone(), id }
    }

    /// The age in milliseconds and the name of the oldest work; zero and an empty text if idle.
    pub(crate) fn oldest(&self) -> (u32, String) {
        let works = self.0.lock();
        let Some((since, what)) = works.running.values().next() else {
            return (0, String::new());
        };
        // Work that has just begun is not idle.
        let millis = since.elapsed().as_millis().max(1);
        (u32::try_from(millis).unwrap_or(u32::MAX), what.clone())
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        self.busy.0.lock().running.remove(&self.id);
    }
}

#[cfg(test)]
mod tests;
