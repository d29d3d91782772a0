//! Plays a recording as a feed.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use super::connection::FeedHandle;
use super::error::FeedError;
use super::feeds::Feeds;
use super::hello::Hello;
use super::recorded_state::RecordedState;
use super::recording::{Content, Recording, RecordingError};
use crate::cluster::LogEntry;

/// The feed's name.
const NAME: &str = "replay";
/// The folder next to a recording, with the daemons of the cluster.
const STATE: &str = "state";

/// How fast and how often a recording is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    speed: f64,
    repeat: bool,
}

/// The speed is out of range.
#[derive(Debug, thiserror::Error)]
#[error(
    "a recording cannot be played at speed {0}; use a number from 0.001 to 100000, 1 is real time"
)]
pub struct InvalidPace(f64);

impl Pace {
    /// Plays at `speed` times real time. Without `repeat`, the last state stays at the end.
    pub fn new(speed: f64, repeat: bool) -> Result<Self, InvalidPace> {
        if (0.001..=100_000.0).contains(&speed) {
            Ok(Self { speed, repeat })
        } else {
            Err(InvalidPace(speed))
        }
    }
}

/// A valid recording, ready to play.
#[derive(Debug)]
pub struct Replay {
    recording: Recording,
    state: RecordedState,
}

impl Replay {
    /// Reads a recording and the folder `state` next to it. It blocks: do not call it in async code.
    pub fn load(path: &Path) -> Result<Self, RecordingError> {
        let recording = Recording::load(path)?;
        let folder = path.parent().unwrap_or(Path::new(".")).join(STATE);
        Ok(Self { recording, state: RecordedState::load(&folder)? })
    }

    /// Connects as a feed and sends the state at the start.
    pub fn start(&self, feeds: &Feeds) -> Result<FeedHandle, FeedError> {
        let hello = Hello {
            name: NAME.to_owned(),
            cluster_version: self.state.version.clone(),
            release_name: self.state.release_name.clone(),
            ..Hello::default()
        };
        let feed = feeds.connect(hello)?.feed;
        for daemon in &self.state.daemons {
            feed.put_daemon(&daemon.id, daemon.change.clone())?;
            if let Some(row) = &daemon.row {
                feed.put_counters(&daemon.id, row.stamp, &row.values, &row.counts)?;
            }
        }
        self.rewind(&feed)?;
        feed.complete_snapshot()?;
        Ok(feed)
    }

    /// Plays the records after the start. It ends only when a newer connection replaces this feed. To
    /// stop it, drop the future, which also disconnects the feed.
    pub async fn play(&self, feed: FeedHandle, pace: Pace) -> Result<(), FeedError> {
        loop {
            let start = Instant::now();
            for record in &self.recording.records {
                // A time beyond the range of the clock is never reached.
                let wait = Duration::try_from_secs_f64(record.at.as_secs_f64() / pace.speed);
                let time = wait.ok().and_then(|wait| start.checked_add(wait));
                match time {
                    Some(time) => sleep_until(time).await,
                    None => std::future::pending().await,
                }
                send(&feed, &record.content)?;
            }
            if !pace.repeat || self.length().is_zero() {
                std::future::pending::<()>().await;
            }
            self.rewind(&feed)?;
            self.notify_all(&feed)?;
        }
    }

    fn length(&self) -> Duration {
        self.recording.records.last().map(|record| record.at).unwrap_or_default()
    }

    /// Goes back to the start: sends its documents and removes those that came later.
    fn rewind(&self, feed: &FeedHandle) -> Result<(), FeedError> {
        for record in &self.recording.records {
            if let Content::Document { name, .. } = &record.content
                && !self.recording.initial.iter().any(|(initial, _)| initial == name)
            {
                feed.remove_document(name)?;
            }
        }
        for (name, json) in &self.recording.initial {
            skip_refused(feed.put_document(name, json.clone()))?;
        }
        Ok(())
    }

    /// Sends each type of notification without an id once.
    fn notify_all(&self, feed: &FeedHandle) -> Result<(), FeedError> {
        let mut sent = Vec::new();
        for record in &self.recording.records {
            if let Content::Notification { kind, id: Value::String(id) } = &record.content
                && id.is_empty()
                && !sent.contains(kind)
            {
                sent.push(kind.clone());
                feed.notify(kind, "".into())?;
            }
        }
        Ok(())
    }
}

fn send(feed: &FeedHandle, content: &Content) -> Result<(), FeedError> {
    match content {
        Content::Document { name, json } => skip_refused(feed.put_document(name, json.clone())),
        Content::Notification { kind, id } => {
            match serde_json::from_value::<LogEntry>(id.clone()) {
                Ok(entry) if &**kind == "clog" => feed.cluster_log(entry),
                _ => feed.notify(kind, id.clone()),
            }
        }
    }
}

/// A refused document does not end the replay.
fn skip_refused(result: Result<(), FeedError>) -> Result<(), FeedError> {
    match result {
        Err(FeedError::TakenOver(_)) | Ok(()) => result,
        Err(why) => {
            warn!("the replay skips a document: {why}");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
