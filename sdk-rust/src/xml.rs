//! Values as XML.

use serde_json::Value;

/// An element `result` that holds the value. A map has an element for each key, a list has an `item`
/// for each of its elements. If `pretty`, each level is indented by two spaces.
pub(crate) fn document(value: &Value, pretty: bool) -> String {
    let mut writer = Writer { text: String::new(), pretty };
    writer.element("result", None, value, 0);
    writer.text
}

struct Writer {
    text: String,
    pretty: bool,
}

impl Writer {
    fn element(&mut self, name: &str, key: Option<&str>, value: &Value, depth: usize) {
        self.indent(depth);
        let key = key.map(|key| format!(" key=\"{}\"", escaped(key))).unwrap_or_default();
        let start = self.text.len();
        self.text.push_str(&format!("<{name}{key}>"));
        let filled = self.text.len();
        match value {
            Value::Null => {}
            Value::String(text) => self.text.push_str(&escaped(text)),
            Value::Bool(_) | Value::Number(_) => self.text.push_str(&value.to_string()),
            Value::Array(items) => {
                items.iter().for_each(|item| self.element("item", None, item, depth + 1));
            }
            Value::Object(members) => {
                for (key, member) in members {
                    match is_name(key) {
                        true => self.element(key, None, member, depth + 1),
                        false => self.element("item", Some(key), member, depth + 1),
                    }
                }
            }
        }
        if self.text.len() == filled {
            self.text.truncate(start);
            self.text.push_str(&format!("<{name}{key}/>"));
            return;
        }
        if value.is_array() || value.is_object() {
            self.indent(depth);
        }
        self.text.push_str(&format!("</{name}>"));
    }

    /// Begins a new line, except at the start.
    fn indent(&mut self, depth: usize) {
        if self.pretty && !self.text.is_empty() {
            self.text.push('\n');
            self.text.extend(std::iter::repeat_n("  ", depth));
        }
    }
}

fn is_name(key: &str) -> bool {
    let mut chars = key.chars();
    chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|char| char.is_ascii_alphanumeric() || "_-.".contains(char))
}

/// A character that XML cannot hold becomes the replacement character.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#13;"),
            '\n' | '\t' => escaped.push(char),
            char if char.is_control() || "\u{fffe}\u{ffff}".contains(char) => {
                escaped.push(char::REPLACEMENT_CHARACTER);
            }
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
mod tests;
