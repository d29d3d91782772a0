//! Words that only the manager knows: names of modules and options, codes of health checks.

use mgrd_command::FreeText;
use serde_json::Value;

use super::client::Client;
use super::error::CtlError;
use super::execute::{self, Call};
use super::output::Kept;

/// The values of the argument `text`; none if the manager has no list of them.
pub(super) async fn of(client: &mut Client, text: &FreeText) -> Result<Vec<String>, CtlError> {
    let Some((command, place)) = source(text) else { return Ok(Vec::new()) };
    let words: Vec<String> = command.split(' ').map(str::to_owned).collect();
    let call = Call { words: &words, format: "json", input: None, print_header: false };
    let mut output = Kept::default();
    execute::call(client, call, &mut output).await?;
    let answer = serde_json::from_slice::<Value>(&output.0).unwrap_or_default();
    Ok(answer.pointer(place).map(names).unwrap_or_default())
}

/// The command that lists them, and their position in its answer.
fn source(text: &FreeText) -> Option<(&'static str, &'static str)> {
    let of = |noun: &str| text.prefix.strip_prefix(noun).is_some_and(|rest| rest.starts_with(' '));
    match text.argument.as_str() {
        "module" if of("mgr module") => Some(("mgr module ls", "/processes")),
        "name" | "key" if of("config") => Some(("config ls", "")),
        "code" if of("health") => Some(("health", "/checks")),
        _ => None,
    }
}

fn names(listed: &Value) -> Vec<String> {
    let name = |item: &Value| item.as_str().or(item["name"].as_str()).map(str::to_owned);
    match listed {
        Value::Array(items) => items.iter().filter_map(name).collect(),
        Value::Object(items) => items.keys().cloned().collect(),
        _ => Vec::new(),
    }
}
