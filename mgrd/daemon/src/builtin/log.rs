//! `log`, `log last`: the cluster log.

use mgrd_command::Outcome;

use super::state::State;
use super::{Builtin, Request, now};
use crate::cluster::{LogEntry, Priority};

/// How many entries `log last` shows by default.
const SHOWN: usize = 20;

/// The commands. `log last` comes first, because `log` takes any text.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "log last name=num,type=CephInt,range=1,req=false \
              name=level,type=CephChoices,strings=debug|info|sec|warn|error,req=false \
              name=channel,type=CephString,req=false",
        help: "show the last entries of the cluster log (default: \
               20 of level info or higher in channel cluster; * means all channels)",
        perm: "r",
        run: |state, request| now(last(state, request)),
    },
    Builtin {
        cmd: "log name=logtext,type=CephString,n=N",
        help: "write to the cluster log",
        perm: "rw",
        run: |state, request| now(write(state, request)),
    },
];

fn last(state: &State, request: &Request) -> Outcome {
    let number = request.int("num").and_then(|number| usize::try_from(number).ok());
    let level = request.text("level").and_then(Priority::from_name).unwrap_or(Priority::Info);
    let channel = request.text("channel").unwrap_or("cluster");
    let fits =
        |entry: &LogEntry| entry.priority >= level && (channel == "*" || entry.channel == channel);
    let entries = state.cluster.log.last(number.unwrap_or(SHOWN), fits);
    request.format.render(&entries, || entries.iter().map(|entry| format!("{entry}\n")).collect())
}

fn write(state: &State, request: &Request) -> Outcome {
    let text = request.list("logtext").join(" ");
    state.feeds.write_log(&request.caller.entity(), "cluster", Priority::Info, &text);
    Outcome::default()
}

#[cfg(test)]
mod tests;
