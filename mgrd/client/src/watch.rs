//! `mgrctl -w`: the cluster log and events, live.

use std::convert::Infallible;
use std::io::IsTerminal;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mgrd_command::visible;
use mgrd_proto::v1::watch_response::Message;
use mgrd_proto::v1::{ClusterLogEntry, Event, LogPriority, WatchRequest};

use super::args::{Options, Watch};
use super::client::Client;
use super::error::CtlError;
use super::outage::Outage;
use super::output::{self, say};
use crate::colour;

/// The width of a progress bar, in characters.
const BAR: usize = 28;

/// Shows the log and events until Ctrl-C. If the manager ends, it watches the next one.
pub(super) async fn show(
    mut client: Client,
    options: &Options,
    watch: &Watch,
) -> Result<u8, CtlError> {
    let mut outage = Outage::new(options)?;
    let mut request = request(watch);
    let watching = async {
        loop {
            let Err(error) = follow(&mut client, &mut request, &mut outage).await;
            client = match outage.reconnect(error).await {
                Ok(client) => client,
                Err(error) => return error,
            };
        }
    };
    tokio::select! {
        error = watching => Err(error),
        _ = tokio::signal::ctrl_c() => Ok(0),
    }
}

fn request(watch: &Watch) -> WatchRequest {
    let level = match watch.level {
        LogPriority::Unspecified => LogPriority::Info,
        level => level,
    };
    WatchRequest {
        channels: watch.channel.iter().cloned().collect(),
        min_priority: level.into(),
        backlog: 0,
        events: true,
        after_term: 0,
    }
}

/// Shows what one manager sends, until it ends.
async fn follow(
    client: &mut Client,
    request: &mut WatchRequest,
    outage: &mut Outage,
) -> Result<Infallible, CtlError> {
    let mut items = client.watch(request.clone()).await?.into_inner();
    let bars = std::io::stdout().is_terminal();
    let coloured = colour::wanted(&std::io::stdout());
    loop {
        let item = items.message().await?.ok_or_else(CtlError::ended)?;
        let Some(message) = item.message else { continue };
        if let Message::Start(start) = &message {
            request.after_term = start.term;
            if outage.end() {
                say(format_args!("mgrctl: watching manager '{}' now", start.manager));
            }
        }
        let Some(line) = line(&message, bars) else { continue };
        let line = if coloured { colour::health(&line) } else { line };
        output::show(&(line + "\n"))?;
    }
}

fn line(message: &Message, bars: bool) -> Option<String> {
    match message {
        Message::Log(entry) => Some(log_line(entry)),
        Message::Event(event) => Some(event_line(event, bars)),
        Message::Dropped(count) => {
            Some(format!("({count} lines left out: this client is too slow)"))
        }
        Message::Start(_) => None,
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
    let (name, message) = (indented(&entry.name), indented(&entry.message));
    format!("{} {name} [{priority}] {message}", stamp(entry.stamp_us))
}

fn event_line(event: &Event, bars: bool) -> String {
    let [kind, subject, message] = [&event.kind, &event.subject, &event.message].map(indented);
    let mut line = format!("{} {kind} {subject}: {message}", stamp(event.stamp_us));
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

/// Visible text whose further lines are indented, so that a message cannot fake another entry.
fn indented(text: impl AsRef<str>) -> String {
    visible(text.as_ref()).replace('\n', "\n    ")
}

#[cfg(test)]
mod tests;
