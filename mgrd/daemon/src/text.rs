//! Cleans text from outside: limits its length, and removes what could control a terminal or fake
//! another line.

use std::str::Chars;

use mgrd_command::is_hidden;
pub(crate) use mgrd_command::visible;

/// How much of a text is read, as a multiple of its limit. It bounds the cost of a text that consists
/// of control characters.
const LOOKED_AT: usize = 4;

/// `text` as one line of at most `limit` bytes. Line breaks and tabs become blanks. `…` marks the end
/// of a text that is cut.
pub(crate) fn line(text: &str, limit: usize) -> String {
    let text = printable(start(text, limit.saturating_mul(LOOKED_AT)));
    cut(&join(&text, ['\n', '\t'], " "), limit)
}

/// `text` with its line breaks, at most `limit` bytes. `…` marks the end of a text that is cut.
pub(crate) fn lines(text: &str, limit: usize) -> String {
    let text = printable(start(text, limit.saturating_mul(LOOKED_AT)));
    cut(text.trim_end(), limit)
}

/// Like [`lines`], but a text that is cut ends with a line that says so, for texts that are read as a whole.
pub(crate) fn whole_lines(text: &str, limit: usize) -> String {
    let text = printable(start(text, limit.saturating_mul(LOOKED_AT)));
    let text = text.trim_end();
    if text.len() <= limit {
        return text.to_owned();
    }
    let kept = start(text, limit);
    let kept = kept.rfind('\n').map_or(kept, |end| &kept[..end]);
    format!("{kept}\n… cut here: only the first {limit} bytes are kept")
}

/// Like [`lines`], but keeps the end of a longer text: the end of a traceback says most.
pub(crate) fn last_lines(text: &str, limit: usize) -> String {
    let text = printable(end(text, limit.saturating_mul(LOOKED_AT)));
    let text = text.trim_end();
    if text.len() <= limit { text.to_owned() } else { format!("…{}", end(text, limit)) }
}

/// The lines of `text` with `joint` between them. Empty lines are left out.
pub(crate) fn join_lines(text: &str, joint: &str) -> String {
    join(text, ['\n', '\r'], joint)
}

/// `text` with further lines indented, so that they do not look like separate entries.
pub(crate) fn indent(text: &str) -> String {
    text.replace('\n', "\n    ")
}

/// Whether a name could control a terminal or look like several lines.
pub(crate) fn has_controls(name: &str) -> bool {
    name.chars().any(|c| is_break(c) || is_hidden(c) || c == '\t')
}

fn join(text: &str, breaks: [char; 2], joint: &str) -> String {
    let parts = text.split(breaks).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(joint)
}

fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit { text.to_owned() } else { format!("{}…", start(text, limit)) }
}

/// At most `limit` bytes from the start. It does not cut a character.
fn start(text: &str, limit: usize) -> &str {
    let fits = (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..fits.unwrap_or_default()]
}

/// At most `limit` bytes from the end. It does not cut a character.
fn end(text: &str, limit: usize) -> &str {
    let from = text.len().saturating_sub(limit);
    let fits = (from..=text.len()).find(|&at| text.is_char_boundary(at));
    &text[fits.unwrap_or(text.len())..]
}

/// The text without escape sequences and control characters. Tabs stay, and every kind of line break
/// becomes `\n`.
fn printable(text: &str) -> String {
    let mut printable = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.as_str().starts_with('\n') => {}
            '\u{1b}' => skip_sequence(&mut chars),
            '\t' => printable.push('\t'),
            c if is_break(c) => printable.push('\n'),
            c if is_hidden(c) => {}
            c => printable.push(c),
        }
    }
    printable
}

/// Skips the rest of an escape sequence, after the escape character.
fn skip_sequence(chars: &mut Chars<'_>) {
    let skip = |chars: &mut Chars<'_>, part: fn(char) -> bool| {
        *chars = chars.as_str().trim_start_matches(part).chars();
    };
    let rest = chars.as_str();
    match chars.next() {
        // Colours and cursor movements: parameters, then one letter.
        Some('[') => {
            skip(chars, |c| (' '..='?').contains(&c));
            if chars.as_str().starts_with(|c| ('@'..='~').contains(&c)) {
                chars.next();
            }
        }
        // Titles, links and similar: a text that ends with BEL or ESC \.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            skip(chars, |c| !c.is_control());
            if let Some(rest) = chars.as_str().strip_prefix("\u{1b}\\") {
                *chars = rest.chars();
            }
        }
        // Character sets and similar.
        Some(' '..='/') => {
            skip(chars, |c| (' '..='/').contains(&c));
            chars.next();
        }
        Some('0'..='~') => {}
        // Not a sequence.
        _ => *chars = rest.chars(),
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests;
