//! Words that only the manager knows: names of modules, options and limits, codes of health checks, ids
//! of crashes.

use mgrd_command::FreeText;
use serde_json::Value;

use super::client::Client;
use super::error::CtlError;
use super::execute::{self, Call};
use super::output::Kept;

/// The values of the argument `text`; none if the manager has no list of them.
pub(super) async fn of(
    client: &mut Client,
    text: &FreeText,
    words: &[String],
) -> Result<Vec<String>, CtlError> {
    let Some(Source { command, place, end }) = source(text, words) else { return Ok(Vec::new()) };
    let call = Call { words: &command, format: "json", input: None, print_header: false };
    let mut output = Kept::default();
    execute::call(client, call, &mut output).await?;
    let answer = serde_json::from_slice::<Value>(&output.0).unwrap_or_default();
    let names = answer.pointer(place).map(names).unwrap_or_default();
    Ok(names.into_iter().map(|name| name + end).collect())
}

/// Where values come from.
struct Source {
    /// The command that lists them.
    command: Vec<String>,
    /// Their position in its answer.
    place: &'static str,
    /// What follows each.
    end: &'static str,
}

/// Where the values of the argument `text` come from, in a line that begins with `words`.
fn source(text: &FreeText, words: &[String]) -> Option<Source> {
    let of = |noun: &str| text.prefix.strip_prefix(noun).is_some_and(|rest| rest.starts_with(' '));
    let (command, place, end) = match text.argument.as_str() {
        "limits" if of("mgr module") => {
            return Some(Source { command: words.get(..4)?.to_vec(), place: "", end: "=" });
        }
        "module" if of("mgr module") => ("mgr module ls", "/processes", ""),
        "name" | "key" if of("config") => ("config ls", "", ""),
        "code" if of("health") => ("health", "/checks", ""),
        "id" if of("crash") => ("crash ls", "", ""),
        "id" if of("mgr crash") => ("mgr crash ls", "", ""),
        _ => return None,
    };
    let command = command.split(' ').map(str::to_owned).collect();
    Some(Source { command, place, end })
}

fn names(listed: &Value) -> Vec<String> {
    let name = |item: &Value| {
        item.as_str().or(item["name"].as_str()).or(item["crash_id"].as_str()).map(str::to_owned)
    };
    match listed {
        Value::Array(items) => items.iter().filter_map(name).collect(),
        Value::Object(items) => items.keys().cloned().collect(),
        _ => Vec::new(),
    }
}
