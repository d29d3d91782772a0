//! Long-running work that modules tell people about.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use parking_lot::Mutex;
use serde::Serialize;

use super::log::stamp;

/// How many events may be under way at once; more are not taken in.
const OPEN_EVENTS: usize = 1024;
/// How many events that have ended are remembered.
const COMPLETED_EVENTS: usize = 50;

/// One piece of work under way.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProgressEvent {
    /// What its module calls it; unique among all modules.
    pub id: String,
    /// Who does it.
    pub module: String,
    /// What it is, for people.
    pub message: String,
    /// How far it is, from 0 to 1.
    pub progress: f64,
    /// Whether `status` shows it.
    pub add_to_ceph_s: bool,
    /// When it was first told of.
    pub started_at: String,
    /// When it ended, if it did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

#[derive(Default)]
struct Events {
    open: BTreeMap<String, ProgressEvent>,
    completed: VecDeque<ProgressEvent>,
}

/// What is under way, and what ended last.
#[derive(Default)]
pub struct Progress(Mutex<Events>);

impl Progress {
    /// Tells of an event or of how far it has come; what is no number counts as nothing done.
    /// `false` if too many are open already.
    pub fn update(&self, module: &str, id: &str, message: &str, progress: f64, show: bool) -> bool {
        let mut events = self.0.lock();
        let progress = if progress.is_nan() { 0.0 } else { progress.clamp(0.0, 1.0) };
        if let Some(event) = events.open.get_mut(id) {
            message.clone_into(&mut event.message);
            (event.progress, event.add_to_ceph_s) = (progress, show);
            return true;
        }
        if events.open.len() >= OPEN_EVENTS {
            return false;
        }
        let event = ProgressEvent {
            id: id.to_owned(),
            module: module.to_owned(),
            message: message.to_owned(),
            progress,
            add_to_ceph_s: show,
            started_at: stamp(Timestamp::now()),
            finished_at: None,
        };
        events.open.insert(id.to_owned(), event);
        true
    }

    /// How much of an open event is done, in whole percent.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
    #[must_use]
    pub fn percent(&self, id: &str) -> Option<u8> {
        self.0.lock().open.get(id).map(|event| (event.progress * 100.0) as u8)
    }

    /// Ends an event; returns it if it was open.
    pub fn complete(&self, id: &str) -> Option<ProgressEvent> {
        let mut events = self.0.lock();
        let mut event = events.open.remove(id)?;
        event.finished_at = Some(stamp(Timestamp::now()));
        event.progress = 1.0;
        if events.completed.len() == COMPLETED_EVENTS {
            events.completed.pop_front();
        }
        events.completed.push_back(event.clone());
        Some(event)
    }

    /// Forgets all events of all modules, those that ended included.
    pub fn clear(&self) {
        *self.0.lock() = Events::default();
    }

    /// Forgets the open events of a module that has stopped.
    pub fn remove_module(&self, module: &str) {
        self.0.lock().open.retain(|_, event| event.module != module);
    }

    /// The events under way, by id.
    #[must_use]
    pub fn open(&self) -> Vec<ProgressEvent> {
        self.0.lock().open.values().cloned().collect()
    }

    /// The events that ended last, oldest first.
    #[must_use]
    pub fn completed(&self) -> Vec<ProgressEvent> {
        self.0.lock().completed.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_move_from_open_to_completed() {
        let progress = Progress::default();
        assert!(progress.update("a", "1", "moving", 0.25, true));
        assert!(progress.update("a", "1", "moving still", 7.0, false));
        let open = progress.open();
        assert_eq!((open[0].message.as_str(), open[0].progress), ("moving still", 1.0));
        assert!(progress.update("b", "2", "odd", f64::NAN, false));
        assert_eq!(progress.open()[1].progress, 0.0);
        assert_eq!((progress.percent("1"), progress.percent("3")), (Some(100), None));
        assert_eq!(progress.complete("1").unwrap().message, "moving still");
        assert!(progress.complete("1").is_none());
        progress.remove_module("b");
        assert!(progress.open().is_empty());
        assert_eq!(progress.completed()[0].id, "1");
        progress.clear();
        assert!(progress.completed().is_empty());
    }

    #[test]
    fn events_are_bounded() {
        let progress = Progress::default();
        let taken =
            (0..OPEN_EVENTS + 5).filter(|n| progress.update("a", &n.to_string(), "", 0.0, false));
        assert_eq!(taken.count(), OPEN_EVENTS);
        (0..OPEN_EVENTS).for_each(|n| assert!(progress.complete(&n.to_string()).is_some()));
        assert_eq!(progress.completed().len(), COMPLETED_EVENTS);
    }
}
