//! Text, choices, booleans and paths.

use serde_json::Value;

use super::bad_value::BadValue;
use super::choices::Choices;
use crate::char_class::CharClass;

/// Any text of printable characters; `goodchars` restricts it. Empty text is always accepted.
pub(super) fn string(word: &str, goodchars: Option<&CharClass>) -> Result<Value, BadValue> {
    let good = |c: char| match goodchars {
        Some(class) => class.contains(c) && is_text(c),
        None => is_text(c),
    };
    let mut bad: Vec<char> = word.chars().filter(|&c| !good(c)).collect();
    if bad.is_empty() {
        return Ok(Value::from(word));
    }
    bad.sort_unstable();
    bad.dedup();
    let shown: String = bad.iter().flat_map(|c| c.escape_debug()).collect();
    Err(BadValue::new(format!("invalid chars {shown} in {}", visible(word))))
}

fn is_text(c: char) -> bool {
    !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\x0b' | '\x0c')
}

/// The word with its control characters escaped, so that a message cannot steer a terminal.
fn visible(word: &str) -> String {
    let show = |c: char| if c.is_control() { c.escape_debug().to_string() } else { c.to_string() };
    word.chars().map(show).collect()
}

pub(super) fn choice(word: &str, choices: &Choices) -> Result<Value, BadValue> {
    if choices.contains(word) {
        return Ok(Value::from(word));
    }
    let reason = match choices.iter().len() {
        1 => format!("{word} is not the word '{choices}'"),
        _ => format!("{word} not in {choices}"),
    };
    Err(BadValue::new(reason))
}

pub(super) fn boolean(word: &str) -> Result<Value, BadValue> {
    match word.to_ascii_lowercase().as_str() {
        "true" | "1" => Ok(Value::Bool(true)),
        "false" | "0" => Ok(Value::Bool(false)),
        _ => Err(BadValue::new(format!("{word} is neither true nor false"))),
    }
}

/// A path. It may be one of another machine, so only its form can be checked.
pub(super) fn path(word: &str) -> Result<Value, BadValue> {
    if word.is_empty() {
        return Err(BadValue::new("a path must not be empty"));
    }
    if word.contains('\0') {
        return Err(BadValue::new(format!("invalid path {}", visible(word))));
    }
    Ok(Value::from(word))
}
