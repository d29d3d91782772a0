//! The messages of a `grpc` block: those to the host and those from it.

use std::collections::HashMap;

use serde_json::Value;

use crate::error::BlockError;
use crate::transcript::line_matches;

/// One message of a block.
#[derive(Debug, PartialEq)]
pub(crate) struct Message {
    pub(crate) direction: Direction,
    /// The call that it belongs to, such as `SetStore`.
    pub(crate) call: String,
    pub(crate) content: Content,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    ToHost,
    FromHost,
}

/// The content of a message.
#[derive(Debug, PartialEq)]
pub(crate) enum Content {
    Message(Value),
    /// The failure of a call: the status, such as `NOT_FOUND, mgrd-errno 2`, and its message.
    Error(String),
    /// The end of a stream.
    End,
}

/// The messages of a block: each begins with an arrow and the name of its call.
pub(crate) fn messages(text: &str) -> Result<Vec<Message>, BlockError> {
    let mut parts: Vec<(Direction, String)> = Vec::new();
    for line in text.lines() {
        let arrow = [("→ ", Direction::ToHost), ("← ", Direction::FromHost)];
        let begun = arrow.iter().find_map(|(arrow, way)| Some((*way, line.strip_prefix(arrow)?)));
        match (begun, parts.last_mut()) {
            (Some((direction, rest)), _) => parts.push((direction, format!("{rest}\n"))),
            (None, Some((_, part))) => part.extend([line, "\n"]),
            (None, None) => return Err(BlockError::NoDirection(line.to_owned())),
        }
    }
    parts.iter().map(|(direction, part)| message(*direction, part)).collect()
}

fn message(direction: Direction, part: &str) -> Result<Message, BlockError> {
    let (call, rest) = part.trim_end().split_once([' ', '\n']).unwrap_or((part.trim_end(), ""));
    let content = match rest.trim() {
        "end" => Content::End,
        json if json.starts_with('{') => {
            let not_json = |source| BlockError::NotJson { json: json.to_owned(), source };
            Content::Message(serde_json::from_str(json).map_err(not_json)?)
        }
        error => Content::Error(error.to_owned()),
    };
    Ok(Message { direction, call: call.to_owned(), content })
}

/// The values received under a name such as `<version>`, to compare or send later.
pub(crate) type Names = HashMap<String, Value>;

/// The message to send: as the page shows it, with the values of its names.
pub(crate) fn with_names(shown: &Value, names: &Names) -> Value {
    match shown {
        Value::String(text) => names.get(text).unwrap_or(shown).clone(),
        Value::Array(all) => all.iter().map(|item| with_names(item, names)).collect(),
        Value::Object(fields) => {
            let named = fields.iter().map(|(key, item)| (key.clone(), with_names(item, names)));
            Value::Object(named.collect())
        }
        _ => shown.clone(),
    }
}

/// Whether a message is what the page shows. `"…"` stands for any value; as the name of a field, for
/// any further fields; at the end of a list, for any further elements. `<name>` stands for any value
/// the first time, and for the same value after that.
pub(crate) fn is_as_shown(shown: &Value, came: &Value, names: &mut Names) -> bool {
    match (shown, came) {
        (_, Value::Object(bytes)) if bytes.contains_key(BYTES) => {
            let text = bytes[BYTES].as_str().unwrap_or_default();
            match (shown, serde_json::from_str(text)) {
                (Value::String(_), _) => is_as_shown(shown, &bytes[BYTES], names),
                (_, Ok(json)) => is_as_shown(shown, &json, names),
                (_, Err(_)) => false,
            }
        }
        (Value::String(name), _) if name.starts_with('<') && name.ends_with('>') => {
            names.entry(name.clone()).or_insert_with(|| came.clone()) == came
        }
        (Value::String(any), _) if any == "…" => true,
        (Value::String(shown), Value::String(came)) => {
            came.lines().count() == shown.lines().count()
                && shown.lines().zip(came.lines()).all(|(shown, came)| line_matches(shown, came))
        }
        (Value::Array(shown), Value::Array(came)) => lists_match(shown, came, names),
        (Value::Object(shown), Value::Object(came)) => {
            let is_open = shown.contains_key("…");
            (is_open || came.keys().all(|key| shown.contains_key(key)))
                && shown.iter().filter(|(key, _)| *key != "…").all(|(key, shown)| {
                    came.get(key).is_some_and(|came| is_as_shown(shown, came, names))
                })
        }
        _ => shown == came,
    }
}

fn lists_match(shown: &[Value], came: &[Value], names: &mut Names) -> bool {
    let (shown, is_open) = match shown.split_last() {
        Some((last, rest)) if last == "…" => (rest, true),
        _ => (shown, false),
    };
    (is_open || shown.len() == came.len())
        && shown.len() <= came.len()
        && shown.iter().zip(came).all(|(shown, came)| is_as_shown(shown, came, names))
}

/// The only key of the object that stands for a received field of bytes. The page shows its content
/// as JSON or as text.
pub(crate) const BYTES: &str = "bytes";

#[test]
fn a_block_is_a_list_of_messages_in_both_directions() {
    let text = "→ Attach {\"ready\": {}}\n← SetStore\n{\n  \"revision\": 7\n}\n\
                ← Get NOT_FOUND, mgrd-errno 2\nno such thing\n← Attach end\n";
    let message =
        |direction, call: &str, content| Message { direction, call: call.to_owned(), content };
    let (to, from) = (Direction::ToHost, Direction::FromHost);
    let error = Content::Error("NOT_FOUND, mgrd-errno 2\nno such thing".to_owned());
    let expected = vec![
        message(to, "Attach", Content::Message(serde_json::json!({"ready": {}}))),
        message(from, "SetStore", Content::Message(serde_json::json!({"revision": 7}))),
        message(from, "Get", error),
        message(from, "Attach", Content::End),
    ];
    assert_eq!(messages(text).unwrap(), expected);
    assert!(messages("SetStore {}").is_err());
    assert!(messages("→ SetStore {").is_err());
}

#[test]
fn messages_are_compared_except_for_what_the_page_leaves_open() {
    use serde_json::json;
    for (shown, came) in [
        (json!({"a": 1, "…": "…"}), json!({"a": 1, "b": 2})),
        (json!({"a": "…"}), json!({"a": {"b": 2}})),
        (json!(["a …", "…"]), json!(["a b", 1, 2])),
        (json!(["<x>", "<x>"]), json!([7, 7])),
        (json!({"prefix": "x"}), json!({BYTES: "{\"prefix\": \"x\"}"})),
        (json!("7"), json!({BYTES: "7"})),
        (json!(7), json!({BYTES: "7"})),
    ] {
        assert!(is_as_shown(&shown, &came, &mut Names::new()), "{shown} is {came}");
    }
    for (shown, came) in [
        (json!({"a": 1}), json!({"a": 1, "b": 2})),
        (json!({"a": 1, "…": "…"}), json!({"b": 2})),
        (json!(["a"]), json!(["a", "b"])),
        (json!(["a", "b", "…"]), json!(["a"])),
        (json!(["<x>", "<x>"]), json!([7, 8])),
        (json!(7), json!("7")),
        (json!("a"), json!({BYTES: "b"})),
    ] {
        assert!(!is_as_shown(&shown, &came, &mut Names::new()), "{shown} is not {came}");
    }
    let names = Names::from([("<x>".to_owned(), json!(7))]);
    assert_eq!(with_names(&json!({"a": ["<x>"]}), &names), json!({"a": [7]}));
}
