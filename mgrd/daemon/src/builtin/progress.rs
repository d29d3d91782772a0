//! `progress …`: long-running work of modules.

use jiff::Timestamp;
use mgrd_command::Outcome;
use serde_json::json;

use super::state::State;
use super::units::since;
use super::{Builtin, Format, Request, now};
use crate::cluster::ProgressEvent;
use crate::health::age;

/// The width of a progress bar, in characters.
const BAR: usize = 28;

/// The commands.
pub const COMMANDS: &[Builtin<State>] = &[
    Builtin {
        cmd: "progress",
        help: "show the work in progress",
        perm: "r",
        run: |state, request| now(show(state, request)),
    },
    Builtin {
        cmd: "progress json",
        help: "show the work in progress and the work that has ended, as JSON",
        perm: "r",
        run: |state, request| now(request.format.structured(&both(state))),
    },
    Builtin {
        cmd: "progress clear",
        help: "forget all work, in progress and ended",
        perm: "rw",
        run: |state, _| {
            state.cluster.progress.clear();
            now(Outcome::default())
        },
    },
];

fn both(state: &State) -> serde_json::Value {
    let progress = &state.cluster.progress;
    json!({ "events": progress.open(), "completed": progress.completed() })
}

fn show(state: &State, request: &Request) -> Outcome {
    let open = state.cluster.progress.open();
    if open.is_empty() && request.format == Format::Plain {
        return Outcome::status("Nothing in progress");
    }
    request.format.render(&both(state), || {
        open.iter().flat_map(|event| lines(event, "", request.now)).collect()
    })
}

/// Two lines: the message and age of the event, then its bar.
pub(super) fn lines(event: &ProgressEvent, indent: &str, now: Timestamp) -> [String; 2] {
    let running =
        since(&event.started_at, now).map(|ago| format!(" ({})", age(ago))).unwrap_or_default();
    let left =
        remaining(event, now).map(|left| format!(" (remaining: {left})")).unwrap_or_default();
    let done = (event.progress * BAR as f64).round() as usize;
    let bar = "=".repeat(done) + &".".repeat(BAR.saturating_sub(done));
    let message = &event.message;
    [format!("{indent}{message}{running}\n"), format!("{indent}  [{bar}]{left}\n")]
}

/// The time that is left, at the speed so far.
fn remaining(event: &ProgressEvent, now: Timestamp) -> Option<String> {
    let started = super::units::time(&event.started_at)?;
    let ran = now.duration_since(started).as_secs_f64();
    let left = ran / event.progress - ran;
    std::time::Duration::try_from_secs_f64(left).ok().map(age)
}

#[cfg(test)]
mod tests;
