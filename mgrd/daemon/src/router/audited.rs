//! A command as the audit log shows it: all its arguments, without secrets.
//!
//! Ceph's descriptors do not say what is secret, so names decide. If one of them says that a command of a
//! module has a secret, all its values are left out, because the secret can be another one than the value with
//! the name: it is better to miss a value than to have a password in the log.

use mgrd_command::{BUILTIN_MODULE, Matched};
use serde_json::{Map, Value};

use crate::text::line;

/// How much of one value is logged.
const VALUE_BYTES: usize = 256;
/// How much of all values is logged; the names of further arguments still are.
const ALL_BYTES: usize = 2048;
/// What a text has if a secret belongs to it.
const SECRET: [&str; 9] =
    ["pass", "pwd", "secret", "token", "credential", "key", "private", "auth", "bearer"];
/// The name of an argument that names something. It has one of these words, but says nothing about a secret.
const PLAIN: &str = "key";
/// What the log has instead of a secret.
const HIDDEN: &str = "***";

/// The words and the arguments of a command, such as `mgr module limit module=hello limits=["cpu=50%"]`.
pub(super) fn audited(command: &Matched) -> String {
    let prefix = command.spec.prefix();
    let is_ours = command.spec.module == BUILTIN_MODULE;
    let is_secretive = is_secret(&prefix) || command.args.iter().any(has_secret);
    let mut text = prefix.clone();
    let mut left = ALL_BYTES;
    for (name, value) in &command.args {
        let hidden = match is_ours {
            true => is_secret_of_ours(&prefix, name, &command.args),
            false => is_secretive,
        };
        let value = if hidden { HIDDEN.to_owned() } else { shown(value) };
        let value = if value.len() > left { "…" } else { &value };
        left -= value.len().min(left);
        text.push_str(&format!(" {name}={value}"));
    }
    text
}

/// Commands of `mgrd` have a secret only where they store a value for others.
fn is_secret_of_ours(prefix: &str, name: &str, args: &Map<String, Value>) -> bool {
    match (prefix, name) {
        ("config-key set" | "config-key put", "val") => true,
        ("config set", "value") => {
            let text = |arg| args.get(arg).map(shown).unwrap_or_default();
            is_secret(&text("name")) || is_secret(&text("value"))
        }
        _ => false,
    }
}

/// Whether an argument of a module's command says that it, or another one, is a secret.
fn has_secret((name, value): (&String, &Value)) -> bool {
    (name != PLAIN && is_secret(name)) || is_secret(&shown(value))
}

/// Whether a name, or a value with names in it such as JSON, says that a secret belongs to it, or an address
/// has a password in it.
fn is_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let is_address_of_user = text.split_once("://").is_some_and(|(_, rest)| rest.contains('@'));
    is_address_of_user || SECRET.iter().any(|word| text.contains(word))
}

/// The start of a value, in one line.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => line(text, VALUE_BYTES),
        other => line(&other.to_string(), VALUE_BYTES),
    }
}

#[cfg(test)]
mod tests;
