//! The errors of the TOML library in words for people.

use super::values::ADDRESS;

/// How messages end, and what stands there instead. The library names the types of Rust.
const WORDS: [(&str, &str); 10] = [
    ("expected f64", "expected a number, such as 2 or 0.5"),
    ("expected usize", "expected a whole number, such as 100"),
    ("expected u64", "expected a whole number, such as 100"),
    ("expected u32", "expected a whole number, such as 100"),
    ("expected i32", "expected a whole number, such as 5"),
    ("expected a boolean", "expected true or false"),
    ("expected a string", "expected text in quotes"),
    ("expected path string", "expected a path in quotes"),
    ("expected a map", "expected a table"),
    ("invalid socket address syntax", ADDRESS),
];

/// The text of an error, with the line and a message for people.
pub(super) fn plain_words(error: &toml::de::Error) -> String {
    let (text, message) = (error.to_string(), error.message());
    let plain = match message.split_once("expected struct ") {
        Some((start, _)) => Some((start, "expected a table")),
        None => WORDS.iter().find_map(|(end, words)| Some((message.strip_suffix(end)?, *words))),
    };
    plain.map_or(text.clone(), |(start, words)| text.replace(message, &format!("{start}{words}")))
}
