//! The player: a feed that tells what a recording holds.

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
use super::recording::{Recording, RecordingError, What};
use crate::cluster::LogEntry;

/// The feed's name.
const NAME: &str = "replay";
/// The folder beside a recording that tells of its daemons.
const STATE: &str = "state";

/// How a recording is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    speed: f64,
    repeat: bool,
}

/// A speed that cannot be played.
#[derive(Debug, thiserror::Error)]
#[error(
    "a recording cannot be played at speed {0}; use a number from 0.001 to 100000, 1 is real time"
)]
pub struct InvalidPace(f64);

impl Pace {
    /// Plays `speed` times as fast as it happened, once (and stays on the last state) or, with
    /// `repeat`, again and again.
    pub fn new(speed: f64, repeat: bool) -> Result<Self, InvalidPace> {
        if (0.001..=100_000.0).contains(&speed) {
            Ok(Self { speed, repeat })
        } else {
            Err(InvalidPace(speed))
        }
    }
}

/// A recording that was read and found whole.
#[derive(Debug)]
pub struct Replay {
    recording: Recording,
    state: RecordedState,
}

impl Replay {
    /// Reads a recording and the `state` folder beside it. Takes its time: run it where blocking
    /// is fine.
    pub fn load(path: &Path) -> Result<Self, RecordingError> {
        let recording = Recording::load(path)?;
        let folder = path.parent().unwrap_or(Path::new(".")).join(STATE);
        Ok(Self { recording, state: RecordedState::load(&folder)? })
    }

    /// Connects the player and tells the state at the start, all at once.
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

    /// Plays what happens after the start. Never ends unless the feed is taken over: stop it by
    /// dropping, which also disconnects the feed.
    pub async fn play(&self, feed: FeedHandle, pace: Pace) -> Result<(), FeedError> {
        loop {
            let start = Instant::now();
            for moment in &self.recording.moments {
                // What is beyond the clock's range is never reached.
                let wait = Duration::try_from_secs_f64(moment.at.as_secs_f64() / pace.speed);
                let time = wait.ok().and_then(|wait| start.checked_add(wait));
                match time {
                    Some(time) => sleep_until(time).await,
                    None => std::future::pending().await,
                }
                tell(&feed, &moment.what)?;
            }
            if !pace.repeat || self.length().is_zero() {
                std::future::pending::<()>().await;
            }
            self.rewind(&feed)?;
            self.notify_all(&feed)?;
        }
    }

    fn length(&self) -> Duration {
        self.recording.moments.last().map(|moment| moment.at).unwrap_or_default()
    }

    /// Tells the documents at the start, and takes back those that came later.
    fn rewind(&self, feed: &FeedHandle) -> Result<(), FeedError> {
        for moment in &self.recording.moments {
            if let What::Document { name, .. } = &moment.what
                && !self.recording.initial.iter().any(|(initial, _)| initial == name)
            {
                feed.remove_document(name)?;
            }
        }
        for (name, json) in &self.recording.initial {
            go_on(feed.put_document(name, json.clone()))?;
        }
        Ok(())
    }

    /// Sends each kind of notification that carries no text of its own, once.
    fn notify_all(&self, feed: &FeedHandle) -> Result<(), FeedError> {
        let mut told = Vec::new();
        for moment in &self.recording.moments {
            if let What::Notification { kind, id: Value::String(id) } = &moment.what
                && id.is_empty()
                && !told.contains(kind)
            {
                told.push(kind.clone());
                feed.notify(kind, "".into())?;
            }
        }
        Ok(())
    }
}

fn tell(feed: &FeedHandle, what: &What) -> Result<(), FeedError> {
    match what {
        What::Document { name, json } => go_on(feed.put_document(name, json.clone())),
        What::Notification { kind, id } => match serde_json::from_value::<LogEntry>(id.clone()) {
            Ok(entry) if &**kind == "clog" => feed.cluster_log(entry),
            _ => feed.notify(kind, id.clone()),
        },
    }
}

/// One document that cannot be told does not end the show.
fn go_on(told: Result<(), FeedError>) -> Result<(), FeedError> {
    match told {
        Err(FeedError::TakenOver(_)) | Ok(()) => told,
        Err(why) => {
            warn!("replay goes on without a document: {why}");
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
