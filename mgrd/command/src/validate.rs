//! The server's own check of a command that a client sent as a JSON object.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::argument::Argument;
use super::bind;
use super::matching::Matched;
use super::signature::Signature;
use super::table::CommandTable;
use crate::outcome::{CommandError, Errno};

/// What clients may send with the arguments of any command.
const EXTRA_KEYS: [&str; 5] = ["format", "target", "poll", "width", "print_header"];

/// Why a JSON command is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum ValidateError {
    #[error("the command has no text 'prefix'; send {{\"prefix\": \"<command words>\", ...}}")]
    NoPrefix,
    #[error("No handler found for '{0}'")]
    UnknownPrefix(String),
    #[error("'{prefix}': {key}: JSON array/object not allowed here; send text, a number, true or \
             false{list}", list = if *.is_list { ", or a list of these" } else { "" })]
    Nested { prefix: String, key: String, is_list: bool },
    #[error("'{prefix}' has no argument '{key}'; it takes: {known}")]
    UnknownArgument { prefix: String, key: String, known: String },
    #[error("'{prefix}': {key}: {reason}")]
    BadValue { prefix: String, key: String, reason: String },
    #[error("'{prefix}': {reason}")]
    Missing { prefix: String, reason: String },
}

impl CommandError for ValidateError {
    fn errno(&self) -> Errno {
        Errno::EINVAL
    }
}

impl CommandTable {
    /// Checks a command `{"prefix": ..., argument: value, ...}` and gives its values the form of
    /// [`CommandTable::bind`]: text for a number becomes the number, one value for a list becomes
    /// a list, `null` means absent. `format`, `target`, `poll`, `width` and `print_header` are
    /// passed on unchanged. Of several commands with this prefix, the first that fits wins.
    ///
    /// # Errors
    ///
    /// [`ValidateError`] names the command, the argument and the reason.
    pub fn validate(&self, request: &Map<String, Value>) -> Result<Matched, ValidateError> {
        let prefix = request.get("prefix").and_then(Value::as_str);
        let prefix = prefix.ok_or(ValidateError::NoPrefix)?;
        let mut failure: Option<(usize, ValidateError)> = None;
        for spec in self.overloads(prefix) {
            match validate(&spec.signature, request) {
                Ok(args) => return Ok(Matched { spec: Arc::clone(spec), args }),
                Err(error) => {
                    let known = known(&spec.signature, request);
                    if failure.as_ref().is_none_or(|(most, _)| known > *most) {
                        failure = Some((known, error));
                    }
                }
            }
        }
        Err(failure.map_or_else(
            || ValidateError::UnknownPrefix(prefix.to_owned()),
            |(_, closest)| closest,
        ))
    }
}

/// How many of the keys are arguments of this signature.
fn known(signature: &Signature, request: &Map<String, Value>) -> usize {
    signature.arguments().filter(|argument| request.contains_key(&argument.name)).count()
}

fn validate(
    signature: &Signature,
    request: &Map<String, Value>,
) -> Result<Map<String, Value>, ValidateError> {
    let prefix = signature.prefix();
    let mut args = Map::new();
    for argument in signature.arguments() {
        let given = request.get(&argument.name).filter(|value| !value.is_null());
        let found = given.map_or(Ok(Vec::new()), |value| elements(&prefix, argument, value))?;
        let value = bind::collect(argument, found).map_err(|error| ValidateError::Missing {
            prefix: prefix.clone(),
            reason: error.reason,
        })?;
        if let Some(value) = value {
            args.insert(argument.name.clone(), value);
        }
    }
    for (key, value) in request {
        if key == "prefix" || signature.arguments().any(|argument| argument.name == *key) {
            continue;
        }
        extra(signature, key, value)?;
        args.insert(key.clone(), value.clone());
    }
    Ok(args)
}

/// The checked elements of an argument's value.
fn elements(prefix: &str, argument: &Argument, value: &Value) -> Result<Vec<Value>, ValidateError> {
    let is_list = argument.is_list();
    let values = match value {
        Value::Array(values) if is_list => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    let check = |value: &Value| {
        if value.is_array() || value.is_object() {
            let (prefix, key) = (prefix.to_owned(), argument.name.clone());
            return Err(ValidateError::Nested { prefix, key, is_list });
        }
        argument.kind.check(value).map_err(|bad| ValidateError::BadValue {
            prefix: prefix.to_owned(),
            key: argument.name.clone(),
            reason: bad.reason,
        })
    };
    values.iter().map(check).collect()
}

fn extra(signature: &Signature, key: &str, value: &Value) -> Result<(), ValidateError> {
    let prefix = signature.prefix();
    if !EXTRA_KEYS.contains(&key) {
        let names: Vec<&str> = signature.arguments().map(|a| a.name.as_str()).collect();
        let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        return Err(ValidateError::UnknownArgument { prefix, key: key.to_owned(), known });
    }
    let is_list = key == "target";
    let nested = |value: &Value| value.is_array() || value.is_object();
    let bad = match value {
        Value::Array(values) if is_list => values.iter().any(nested),
        value => nested(value),
    };
    if bad { Err(ValidateError::Nested { prefix, key: key.to_owned(), is_list }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
