//! Progress events: long-running work that modules report.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use mgrd_command::{CommandError, Errno};
use parking_lot::Mutex;
use serde::Serialize;

use super::limits::Limits;
use super::log::stamp;
use crate::text;

/// Why a progress event is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProgressError {
    /// Too many events are open.
    #[error("{0} progress events are open already; complete some first")]
    TooMany(usize),
    /// Its id is too long.
    #[error("the id of a progress event is longer than {0} bytes; use a shorter one")]
    LongId(usize),
}

impl CommandError for ProgressError {
    fn errno(&self) -> Errno {
        match self {
            Self::TooMany(_) => Errno::ENOSPC,
            Self::LongId(_) => Errno::EINVAL,
        }
    }
}

/// One piece of work.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProgressEvent {
    /// The id that its module gave it. It is unique among all modules.
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
    open: BTreeMap<String, ProgressEvent>,
    completed: VecDeque<ProgressEvent>,
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
        let Limits { progress_events, name_bytes, text_bytes, .. } = self.limits;
        if id.len() > name_bytes {
            return Err(ProgressError::LongId(name_bytes));
        }
        let message = text::line(message, text_bytes);
        let mut events = self.events.lock();
        let progress = if progress.is_nan() { 0.0 } else { progress.clamp(0.0, 1.0) };
        if let Some(event) = events.open.get_mut(id) {
            (event.message, event.progress, event.add_to_ceph_s) = (message, progress, show);
            return Ok(event.clone());
        }
        if events.open.len() >= progress_events {
            return Err(ProgressError::TooMany(progress_events));
        }
        let event = ProgressEvent {
            id: id.to_owned(),
            module: module.to_owned(),
            message,
            progress,
            add_to_ceph_s: show,
            started_at: stamp(Timestamp::now()),
            finished_at: None,
        };
        events.open.insert(id.to_owned(), event.clone());
        Ok(event)
    }

    /// The progress of an open event, in whole percent.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 100")]
    #[must_use]
    pub fn percent(&self, id: &str) -> Option<u8> {
        self.events.lock().open.get(id).map(|event| (event.progress * 100.0) as u8)
    }

    /// Completes an event. Returns it if it was open.
    pub fn complete(&self, id: &str) -> Option<ProgressEvent> {
        let mut events = self.events.lock();
        let mut event = events.open.remove(id)?;
        event.finished_at = Some(stamp(Timestamp::now()));
        event.progress = 1.0;
        events.completed.push_back(event.clone());
        if events.completed.len() > self.limits.progress_completed {
            events.completed.pop_front();
        }
        Some(event)
    }

    /// Removes all events of all modules, open and completed.
    pub fn clear(&self) {
        *self.events.lock() = Events::default();
    }

    /// Removes the open events of a module that has stopped.
    pub fn remove_module(&self, module: &str) {
        self.events.lock().open.retain(|_, event| event.module != module);
    }

    /// The open events, by id.
    #[must_use]
    pub fn open(&self) -> Vec<ProgressEvent> {
        self.events.lock().open.values().cloned().collect()
    }

    /// The completed events, oldest first.
    #[must_use]
    pub fn completed(&self) -> Vec<ProgressEvent> {
        self.events.lock().completed.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests;
