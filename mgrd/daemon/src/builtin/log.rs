//! `log`, `log last`: the cluster log.

use mgrd_command::Outcome;

use super::rendered::beside;
use super::state::State;
use super::{Answer, Builtin, Request, now};
use crate::cluster::{LogEntry, Priority};

/// How many entries `log last` shows by default.
const SHOWN: usize = 20;
/// More entries are many.
const FEW: usize = 100;
/// The channel that `log last` shows by default.
const CHANNEL: &str = "cluster";

/// The commands. `log last` comes first, because `log` takes any text.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "log last name=num,type=CephInt,range=1,req=false \
              name=level,type=CephChoices,strings=debug|info|sec|warn|error,req=false \
              name=channel,type=CephString,req=false",
        help: "show the last entries of the cluster log (default: \
               20 of level info or higher in channel cluster; * means all channels)",
        perm: "r",
        run: last,
    },
    Builtin {
        cmd: "log name=logtext,type=CephString,n=N",
        help: "write to the cluster log",
        perm: "rw",
        run: |state, request| now(write(state, request)),
    },
];

/// Few entries are shown at once: they do not wait behind large answers.
fn last<'a>(state: &'a State, request: &'a Request) -> Answer<'a> {
    if number(request) > FEW {
        beside(state, request, entries)
    } else {
        now(entries(state, request))
    }
}

fn number(request: &Request) -> usize {
    let number = request.int("num").and_then(|number| usize::try_from(number).ok());
    number.unwrap_or(SHOWN)
}

fn entries(state: &State, request: &Request) -> Outcome {
    let level = request.text("level").and_then(Priority::from_name).unwrap_or(Priority::Info);
    let channel = request.text("channel").unwrap_or(CHANNEL);
    let fits =
        |entry: &LogEntry| entry.priority >= level && (channel == "*" || entry.channel == channel);
    let entries = state.cluster.log.last(number(request), fits);
    let text = || entries.iter().map(|entry| format!("{entry}\n")).collect();
    let stderr = unused_channel(state, channel).unwrap_or_default();
    Outcome { stderr, ..request.format.render(&entries, text) }
}

/// A hint if a channel has no entry: it can be a mistyped level.
fn unused_channel(state: &State, channel: &str) -> Option<String> {
    if [CHANNEL, "*"].contains(&channel) {
        return None;
    }
    let entries = state.cluster.log.last(usize::MAX, |_| true);
    let mut channels: Vec<&str> = entries.iter().map(|entry| entry.channel.as_str()).collect();
    channels.sort_unstable();
    channels.dedup();
    if channels.contains(&channel) {
        return None;
    }
    let used = if channels.is_empty() { CHANNEL.to_owned() } else { channels.join(", ") };
    Some(format!(
        "the log has no entry in channel '{channel}'; its channels are: {used}; \
         levels are: debug, info, sec, warn, error"
    ))
}

fn write(state: &State, request: &Request) -> Outcome {
    let text = request.list("logtext").join(" ");
    state.feeds.write_log(&request.caller.entity(), "cluster", Priority::Info, &text);
    Outcome::default()
}

#[cfg(test)]
mod tests;
