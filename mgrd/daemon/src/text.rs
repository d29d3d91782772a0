//! Texts that come from outside: kept to a length, and without what could act on a terminal or pass
//! for another line.

use std::str::Chars;

/// How much of a text is looked at, in times of its limit: one of control characters alone must not
/// cost more than one that is kept.
const LOOKED_AT: usize = 4;

/// `text` as one line of at most `limit` bytes, its line breaks and tabs as blanks. Where it is cut
/// stands `…`.
pub(crate) fn line(text: &str, limit: usize) -> String {
    let text = printable(start(text, limit.saturating_mul(LOOKED_AT)));
    cut(&join(&text, ['\n', '\t'], " "), limit)
}

/// `text` with its lines, at most `limit` bytes of it. Where it is cut stands `…`.
pub(crate) fn lines(text: &str, limit: usize) -> String {
    let text = printable(start(text, limit.saturating_mul(LOOKED_AT)));
    cut(text.trim_end(), limit)
}

/// The same, but of a longer text the end: of a traceback it says most.
pub(crate) fn last_lines(text: &str, limit: usize) -> String {
    let text = printable(end(text, limit.saturating_mul(LOOKED_AT)));
    let text = text.trim_end();
    if text.len() <= limit { text.to_owned() } else { format!("…{}", end(text, limit)) }
}

/// The lines of `text` that are not empty, with `joint` between them.
pub(crate) fn join_lines(text: &str, joint: &str) -> String {
    join(text, ['\n', '\r'], joint)
}

/// Whether a name could act on a terminal or pass for several lines.
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

/// At most `limit` bytes from the start, to a character.
fn start(text: &str, limit: usize) -> &str {
    let fits = (0..=limit.min(text.len())).rev().find(|&at| text.is_char_boundary(at));
    &text[..fits.unwrap_or_default()]
}

/// At most `limit` bytes up to the end, from a character.
fn end(text: &str, limit: usize) -> &str {
    let from = text.len().saturating_sub(limit);
    let fits = (from..=text.len()).find(|&at| text.is_char_boundary(at));
    &text[fits.unwrap_or(text.len())..]
}

/// The text without escape sequences and control characters. A tab stays, and every kind of line
/// break is `\n`.
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

/// Skips what follows an escape character and belongs to it.
fn skip_sequence(chars: &mut Chars<'_>) {
    let skip = |chars: &mut Chars<'_>, part: fn(char) -> bool| {
        *chars = chars.as_str().trim_start_matches(part).chars();
    };
    let rest = chars.as_str();
    match chars.next() {
        // Colours and movements: parameters, then one letter.
        Some('[') => {
            skip(chars, |c| (' '..='?').contains(&c));
            if chars.as_str().starts_with(|c| ('@'..='~').contains(&c)) {
                chars.next();
            }
        }
        // Titles, links and the like: a text and its end, which is BEL or ESC \.
        Some(']' | 'P' | 'X' | '^' | '_') => {
            skip(chars, |c| !c.is_control());
            if let Some(rest) = chars.as_str().strip_prefix("\u{1b}\\") {
                *chars = rest.chars();
            }
        }
        // Character sets and the like.
        Some(' '..='/') => {
            skip(chars, |c| (' '..='/').contains(&c));
            chars.next();
        }
        Some('0'..='~') => {}
        // No sequence at all.
        _ => *chars = rest.chars(),
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Control characters, and those that make text run in another direction than it seems to.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests;
