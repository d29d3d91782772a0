//! A command as the audit log shows it: all its arguments, without secrets.
//!
//! Ceph's descriptors do not say what is secret, so names decide. A value that may be secret is left
//! out: it is better to miss one than to have a password in the log.

use mgrd_command::{BUILTIN_MODULE, Matched};
use serde_json::{Map, Value};

use crate::text::line;

/// How much of one value is logged.
const VALUE_BYTES: usize = 256;
/// How much of all values is logged; the names of further arguments still are.
const ALL_BYTES: usize = 2048;
/// What a name has if its value is secret.
const SECRET: [&str; 9] =
    ["password", "passwd", "passphrase", "secret", "token", "credential", "key", "private", "auth"];
/// What the log has instead of a secret.
const HIDDEN: &str = "***";

/// The words and the arguments of a command, such as `mgr module limit module=hello limits=["cpu=50%"]`.
pub(super) fn audited(command: &Matched) -> String {
    let prefix = command.spec.prefix();
    let is_ours = command.spec.module == BUILTIN_MODULE;
    let mut text = prefix.clone();
    let mut left = ALL_BYTES;
    for (name, value) in &command.args {
        let hidden = match is_ours {
            true => is_secret_of_ours(&prefix, name, &command.args),
            false => is_secret(&prefix) || is_secret(name) || is_secret(&shown(value)),
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

/// Whether a name, or a value with names in it such as JSON, says that a secret belongs to it.
fn is_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    SECRET.iter().any(|word| text.contains(word))
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
