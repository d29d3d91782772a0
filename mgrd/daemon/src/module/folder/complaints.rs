//! What is wrong with the module path. It is read again and again, and each problem is logged once.

use std::collections::BTreeSet;

use parking_lot::Mutex;

/// What is wrong with a folder of the module path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Complaint {
    /// The module, if the problem is about one.
    pub(super) module: Option<String>,
    pub(super) text: String,
}

/// The problems that are known.
#[derive(Debug, Default)]
pub(super) struct Complaints(Mutex<BTreeSet<Complaint>>);

impl Complaints {
    /// Takes over what is wrong now, and logs what was not wrong before.
    pub(super) fn log(&self, now: BTreeSet<Complaint>) {
        for Complaint { module, text } in self.fresh(now) {
            tracing::warn!(module, "{text}");
        }
    }

    /// Takes over what is wrong now. Returns what was not wrong before.
    fn fresh(&self, now: BTreeSet<Complaint>) -> Vec<Complaint> {
        let mut known = self.0.lock();
        let fresh = now.difference(&known).cloned().collect();
        *known = now;
        fresh
    }
}

#[cfg(test)]
mod tests;
