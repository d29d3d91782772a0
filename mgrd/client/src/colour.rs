//! Colours, which are used only on a terminal and without `NO_COLOR`.

use std::io::IsTerminal;

const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const PLAIN: &str = "\x1b[0m";

/// Words with a colour.
const WORDS: [(&str, &str); 5] = [
    ("HEALTH_OK", GREEN),
    ("HEALTH_WARN", YELLOW),
    ("HEALTH_ERR", RED),
    ("[WRN]", YELLOW),
    ("[ERR]", RED),
];

/// Whether text on `stream` may have colours.
pub(crate) fn wanted(stream: &impl IsTerminal) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stream.is_terminal() && !refused && !dumb
}

/// Text with the words for good and bad health coloured.
pub(crate) fn health(text: &str) -> String {
    WORDS.iter().fold(text.to_owned(), |text, (word, colour)| {
        text.replace(word, &format!("{colour}{word}{PLAIN}"))
    })
}

/// The start of an error on stderr.
pub(crate) fn error(text: &str) -> String {
    if wanted(&std::io::stderr()) { format!("{RED}{text}{PLAIN}") } else { text.to_owned() }
}
