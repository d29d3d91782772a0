//! A report that a client posts. Nothing in it is trusted before it is checked and cleaned here.

use serde_json::{Map, Value};

use super::error::{CrashError, PostError};
use super::limits::Limits;
use super::report::Report;
use super::time;
use crate::authority::Identity;
use crate::text;

/// The longest id.
const ID_CHARACTERS: usize = 128;
/// How much of a wrong timestamp an error shows.
pub(super) const SHOWN: usize = 64;

/// Reads what a client posts. Returns the id of the report, and the report.
pub(super) fn read(
    input: &[u8],
    by: &Identity,
    limits: &Limits,
) -> Result<(String, Report), CrashError> {
    let (bytes, limit) = (input.len(), limits.report_bytes);
    if bytes > limit {
        return Err(CrashError::TooLong { bytes, limit });
    }
    let (id, report) = check(input, by)?;
    // What was not escaped in the input may be escaped now.
    let bytes = report.bytes().len();
    if bytes > limit {
        return Err(CrashError::TooLong { bytes, limit });
    }
    Ok((id, report))
}

fn check(input: &[u8], by: &Identity) -> Result<(String, Report), PostError> {
    if input.trim_ascii().is_empty() {
        return Err(PostError::Empty);
    }
    let given: Map<String, Value> = serde_json::from_slice(input)?;
    let field = |key| given.get(key).and_then(Value::as_str).ok_or(PostError::Missing(key));
    let (id, timestamp) = (field("crash_id")?.to_owned(), field("timestamp")?);
    let fits = |c: char| c.is_ascii_alphanumeric() || "._:+-".contains(c);
    if !(1..=ID_CHARACTERS).contains(&id.len()) || !id.chars().all(fits) {
        return Err(PostError::Id { limit: ID_CHARACTERS });
    }
    if time::parse(timestamp).is_none() {
        return Err(PostError::Timestamp(text::line(timestamp, SHOWN)));
    }
    let mut report = clean_map(given);
    report.insert("posted_by".to_owned(), by.to_string().into());
    Ok((id, Report(report)))
}

/// The value without what could control a terminal. The JSON parser limits its depth.
fn clean(value: Value) -> Value {
    match value {
        Value::String(text) => text::lines(&text, text.len()).into(),
        Value::Array(values) => values.into_iter().map(clean).collect(),
        Value::Object(map) => Value::Object(clean_map(map)),
        other => other,
    }
}

fn clean_map(map: Map<String, Value>) -> Map<String, Value> {
    map.into_iter().map(|(key, value)| (text::line(&key, key.len()), clean(value))).collect()
}

#[cfg(test)]
mod tests;
