//! Runs built-in commands by their words, and returns their answers.

use mgrd_command::Outcome;
use serde_json::{Map, Value};

use super::harness::prefix;
use crate::builtin::state::State;
use crate::builtin::{Format, Request, cluster_commands};

/// Runs the command with these words.
pub(crate) async fn run(state: &State, words: &str, args: Value, format: Format) -> Outcome {
    let all = cluster_commands();
    let command = all.iter().find(|command| prefix(command.cmd) == words).unwrap();
    let args = args.as_object().cloned().unwrap_or_else(Map::new);
    let request = Request { args, format, now: jiff::Timestamp::now(), ..Request::default() };
    (command.run)(state, &request).await
}

/// The plain output of a command without arguments. Ages are removed, because they change.
pub(crate) async fn plain(state: &State, prefix: &str) -> String {
    let outcome = run(state, prefix, Value::Null, Format::Plain).await;
    assert_eq!((outcome.retval, outcome.stderr.as_str()), (0, ""), "{prefix}");
    let mut text = String::from_utf8(outcome.stdout.to_vec()).unwrap();
    for word in [" (since ", " (age "] {
        while let Some(at) = text.find(word) {
            let end = at + text[at..].find(')').unwrap();
            text.replace_range(at..=end, "");
        }
    }
    text
}

/// The JSON output of a command.
pub(crate) async fn json_of(state: &State, prefix: &str, args: Value) -> Value {
    let outcome = run(state, prefix, args, Format::Json).await;
    serde_json::from_slice(&outcome.stdout).unwrap()
}
