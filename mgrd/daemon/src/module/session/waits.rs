//! The remote calls of a module whose answers it waits for.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use parking_lot::Mutex;

/// The calls that a module makes, oldest first.
#[derive(Debug, Default)]
pub(in crate::module) struct Waits(Mutex<Calls>);

#[derive(Debug, Default)]
struct Calls {
    next: u64,
    waiting: BTreeMap<u64, (Instant, String, String)>,
}

/// A call whose answer a module waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::module) struct WaitsFor {
    /// The module that it calls.
    pub(in crate::module) module: String,
    /// The method.
    pub(in crate::module) method: String,
    /// For how long.
    pub(in crate::module) age: Duration,
}

/// The module waits until this is dropped.
#[derive(Debug)]
pub(in crate::module) struct Waiting<'a> {
    waits: &'a Waits,
    id: u64,
}

impl Waits {
    /// Begins to wait for a method of another module.
    pub(in crate::module) fn begin(&self, module: &str, method: String) -> Waiting<'_> {
        let mut calls = self.0.lock();
        let id = calls.next;
        calls.next += 1;
        calls.waiting.insert(id, (Instant::now(), module.to_owned(), method));
        Waiting { waits: self, id }
    }

    /// The oldest one.
    pub(in crate::module) fn oldest(&self) -> Option<WaitsFor> {
        let calls = self.0.lock();
        let (since, module, method) = calls.waiting.values().next()?;
        let (module, method) = (module.clone(), method.clone());
        Some(WaitsFor { module, method, age: since.elapsed() })
    }

    /// The manager stood still for so long, which does not count.
    pub(super) fn forgive(&self, late: Duration) {
        for (since, _, _) in self.0.lock().waiting.values_mut() {
            *since += late;
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.waits.0.lock().waiting.remove(&self.id);
    }
}
