//! Progress events: long-running work that modules report.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use mgrd_command::{CommandError, Errno};
use parking_lot::Mutex;
use serde::Serialize;

use super::limits::Limits;
use super::log::stamp;
use super::ring::make_room;
use crate::limits_reached::reached;
use crate::text;

/// Why a progress event is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgressError {
    /// All modules together have too many open events.
    #[error(
        "all modules together have {0} open progress events already \
         (limits.cluster.progress_events); complete some first"
    )]
    TooMany(usize),
    /// The module has too many open events.
    #[error(
        "module '{module}' has {limit} open progress events already \
         (limits.cluster.module_progress_events); complete some first"
    )]
    Share {
        /// The module.
        module: String,
        /// How many it may have.
        limit: usize,
    },
    /// Its id is too long.
    #[error("the id of a progress event is longer than {0} bytes; use a shorter one")]
    LongId(usize),
    /// Its id could control a terminal.
    #[error(
        "the id of a progress event holds a line break or another control character; use one \
         without it"
    )]
    OddId,
}

impl CommandError for ProgressError {
    fn errno(&self) -> Errno {
        match self {
            Self::TooMany(_) | Self::Share { .. } => Errno::ENOSPC,
            Self::LongId(_) | Self::OddId => Errno::EINVAL,
        }
    }
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProgressEvent {
    /// The id that its module gave it. Another module may use the same id for work of its own.
    pub id: String,
    /// The module that does the work.
    pub module: String,
    /// What the work is, for people.
    pub message: String,
    /// How much is done, from 0 to 1.
    pub progress: f64,
    /// Whether `status` shows it.
    pub add_to_ceph_s: bool,
    /// When it was first reported.
    pub started_at: String,
    /// When it ended, if it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<String>,
}

#[derive(Default)]
struct Events {
    /// By module, and then by id, so that no module reaches the events of another.
    open: BTreeMap<String, BTreeMap<String, ProgressEvent>>,
    completed: VecDeque<ProgressEvent>,
}

impl Events {
    fn find(&mut self, module: &str, id: &str) -> Option<&mut ProgressEvent> {
        self.open.get_mut(module)?.get_mut(id)
    }

    /// Whether the module may open one more.
    fn check_room(&self, module: &str, limits: &Limits) -> Result<(), ProgressError> {
        let &Limits { progress_events: all, module_progress_events: share, .. } = limits;
        if self.open.get(module).is_some_and(|events| events.len() >= share) {
            reached(&format_args!("module '{module}'"), "limits.cluster.module_progress_events");
            return Err(ProgressError::Share { module: module.to_owned(), limit: share });
        }
        if self.open.values().map(BTreeMap::len).sum::<usize>() >= all {
            return Err(ProgressError::TooMany(all));
        }
        Ok(())
    }
}

/// The open progress events, and the last completed ones.
#[derive(Default)]
pub struct Progress {
    events: Mutex<Events>,
    limits: Limits,
}

impl Progress {
    /// A set without events.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { events: Mutex::default(), limits }
    }

    /// Adds an event or updates it. Returns the event as it is stored. A progress of NaN means 0.
    pub fn update(
        &self,
        module: &str,
        id: &str,
        message: &str,
        progress: f64,
        show: bool,
    ) -> Result<ProgressEvent, ProgressError> {
        let Limits { name_bytes, text_bytes, .. } = self.limits;
        if id.len() > name_bytes {
            return Err(ProgressError::LongId(name_bytes));
        }
        if text::has_controls(id) {
            return Err(ProgressError::OddId);
        }
        let message = text::line(message, text_bytes);
        let mut events = self.events.lock();
        let progress = if progress.is_nan() { 0.0 } else { progress.clamp(0.0, 1.0) };
        if let Some(event) = events.find(module, id) {
            (event.message, event.progress, event.add_to_ceph_s) = (message, progress, show);
            return Ok(event.clone());
        }
        events.check_room(module, &self.limits)?;
        let event = ProgressEvent {
            id: id.to_owned(),
            module: module.to_owned(),
            message,
            progress,
            add_to_ceph_s: show,
            started_at: stamp(Timestamp::now()),
            finished_at: None,
        };
        events.open.entry(module.to_owned()).or_default().insert(id.to_owned(), event.clone());
        Ok(event)
    }

    /// The progress of an open event, in whole percent.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
    #[must_use]
    pub fn percent(&self, module: &str, id: &str) -> Option<u8> {
        self.events.lock().find(module, id).map(|event| (event.progress * 100.0) as u8)
    }

    /// Completes an event of a module. Returns it if it was open.
    pub fn complete(&self, module: &str, id: &str) -> Option<ProgressEvent> {
        let mut events = self.events.lock();
        let of_module = events.open.get_mut(module)?;
        let mut event = of_module.remove(id)?;
        if of_module.is_empty() {
            events.open.remove(module);
        }
        event.finished_at = Some(stamp(Timestamp::now()));
        event.progress = 1.0;
        let is_own = |other: &ProgressEvent| other.module == module;
        make_room(&mut events.completed, self.limits.progress_completed, is_own);
        events.completed.push_back(event.clone());
        Some(event)
    }

    /// Removes all events of all modules, open and completed.
    pub fn clear(&self) {
        *self.events.lock() = Events::default();
    }

    /// Removes all events of one module, open and completed.
    pub fn clear_module(&self, module: &str) {
        let mut events = self.events.lock();
        events.open.remove(module);
        events.completed.retain(|event| event.module != module);
    }

    /// Removes the open events of a module that has stopped.
    pub fn remove_module(&self, module: &str) {
        self.events.lock().open.remove(module);
    }

    /// The open events, by module and id.
    #[must_use]
    pub fn open(&self) -> Vec<ProgressEvent> {
        self.events.lock().open.values().flat_map(BTreeMap::values).cloned().collect()
    }

    /// The completed events, oldest first.
    #[must_use]
    pub fn completed(&self) -> Vec<ProgressEvent> {
        self.events.lock().completed.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
