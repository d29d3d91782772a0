//! `mgrctl -w`: the cluster log and events, live.

use std::io::IsTerminal;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mgrd_proto::v1::watch_response::Message;
use mgrd_proto::v1::{ClusterLogEntry, Event, LogPriority, WatchRequest};

use super::args::Watch;
use super::client::Client;
use super::error::CtlError;
use super::output;
use crate::colour;

/// The width of a progress bar, in characters.
const BAR: usize = 28;

/// Shows the log and events until Ctrl-C.
pub(super) async fn show(client: &mut Client, watch: &Watch) -> Result<u8, CtlError> {
    let level = match watch.level {
        LogPriority::Unspecified => LogPriority::Info,
        level => level,
    };
    let request = WatchRequest {
        channels: watch.channel.iter().cloned().collect(),
        min_priority: level.into(),
        backlog: 0,
        events: true,
    };
    let mut items = client.watch(request).await?.into_inner();
    let bars = std::io::stdout().is_terminal();
    let coloured = colour::wanted(&std::io::stdout());
    loop {
        let item = tokio::select! {
            item = items.message() => item?,
            _ = tokio::signal::ctrl_c() => return Ok(0),
        };
        let Some(item) = item else { return Ok(0) };
        let Some(message) = item.message else { continue };
        let line = line(&message, bars);
        let line = if coloured { colour::health(&line) } else { line };
        output::show(&(line + "\n"))?;
    }
}

fn line(message: &Message, bars: bool) -> String {
    match message {
        Message::Log(entry) => log_line(entry),
        Message::Event(event) => event_line(event, bars),
        Message::Dropped(count) => format!("({count} lines left out: this client is too slow)"),
    }
}

fn log_line(entry: &ClusterLogEntry) -> String {
    let priority = match entry.priority() {
        LogPriority::Debug => "DBG",
        LogPriority::Unspecified | LogPriority::Info => "INF",
        LogPriority::Security => "SEC",
        LogPriority::Warning => "WRN",
        LogPriority::Error => "ERR",
    };
    format!("{} {} [{priority}] {}", stamp(entry.stamp_us), entry.name, visible(&entry.message))
}

fn event_line(event: &Event, bars: bool) -> String {
    let Event { kind, subject, message, .. } = event;
    let mut line = format!("{} {kind} {subject}: {}", stamp(event.stamp_us), visible(message));
    if let Some(progress) = event.progress {
        let progress = progress.clamp(0.0, 1.0);
        if bars {
            line.push_str(&format!(" {}", bar(progress)));
        }
        line.push_str(&format!(" {:.0}%", progress * 100.0));
    }
    line
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "between 0 and the width of the bar"
)]
fn bar(progress: f32) -> String {
    let done = ((progress * BAR as f32) as usize).min(BAR);
    format!("[{}{}]", "=".repeat(done), ".".repeat(BAR - done))
}

fn stamp(us: i64) -> String {
    let time = Timestamp::from_microsecond(us).unwrap_or(Timestamp::UNIX_EPOCH);
    time.to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.%6f%z").to_string()
}

/// Text without characters that could control a terminal. Further lines are indented, so that a
/// message cannot fake another entry.
fn visible(text: &str) -> String {
    let show = |c: char| if c.is_control() && c != '\n' && c != '\t' { ' ' } else { c };
    text.chars().map(show).collect::<String>().replace('\n', "\n    ")
}

#[cfg(test)]
mod tests;
