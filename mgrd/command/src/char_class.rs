//! The character class of a `goodchars` attribute, such as `[A-Za-z0-9-_.]`.

use std::fmt;

/// A set of characters, written as one regular-expression class.
///
/// It understands `[...]` with ranges, a leading `^` and backslash escapes. Without brackets it
/// understands a single escape (`\w`) or a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CharClass {
    source: String,
    negated: bool,
    items: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Range(char, char),
    Digit(bool),
    Word(bool),
    Space(bool),
}

/// Why a text is not a character class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CharClassError {
    #[error("expected a character class such as [A-Za-z0-9_]")]
    NoClass,
    #[error("the class has no closing ']'")]
    Unclosed,
    #[error("the class is empty")]
    Empty,
    #[error("the range {0}-{1} runs backwards")]
    Backwards(char, char),
    #[error("the range after '{0}' has no end")]
    Endless(char),
    #[error("a lone backslash ends the class")]
    LoneBackslash,
    #[error("unknown escape \\{0}")]
    Escape(char),
}

impl Item {
    fn contains(self, c: char) -> bool {
        match self {
            Self::Range(first, last) => (first..=last).contains(&c),
            Self::Digit(is) => c.is_numeric() == is,
            Self::Word(is) => (c.is_alphanumeric() || c == '_') == is,
            Self::Space(is) => c.is_whitespace() == is,
        }
    }
}

impl CharClass {
    /// Reads a class.
    ///
    /// # Errors
    ///
    /// [`CharClassError`] says what is wrong with it.
    pub(super) fn parse(source: &str) -> Result<Self, CharClassError> {
        let class = |negated, items| Self { source: source.to_owned(), negated, items };
        if source == "." {
            return Ok(class(true, vec![Item::Range('\n', '\n')]));
        }
        let body = match source.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').ok_or(CharClassError::Unclosed)?,
            None if source.starts_with('\\') && source.chars().count() == 2 => source,
            None => return Err(CharClassError::NoClass),
        };
        let (negated, body) = match body.strip_prefix('^') {
            Some(rest) => (true, rest),
            None => (false, body),
        };
        let items = items(body)?;
        if items.is_empty() { Err(CharClassError::Empty) } else { Ok(class(negated, items)) }
    }

    /// Whether `c` is in the class.
    #[must_use]
    pub(super) fn contains(&self, c: char) -> bool {
        self.items.iter().any(|item| item.contains(c)) != self.negated
    }
}

impl fmt::Display for CharClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// The members of a class, without its brackets and caret.
fn items(body: &str) -> Result<Vec<Item>, CharClassError> {
    let mut chars = body.chars().peekable();
    let mut items = Vec::new();
    while let Some(c) = chars.next() {
        let first = match member(c, &mut chars)? {
            Item::Range(first, _) => first,
            set => {
                items.push(set);
                continue;
            }
        };
        // A dash between two characters makes a range. At the start or the end it is a plain dash.
        let mut ahead = chars.clone();
        if ahead.next() != Some('-') || ahead.peek().is_none() {
            items.push(Item::Range(first, first));
            continue;
        }
        chars.next();
        let end = chars.next().unwrap_or('-');
        match member(end, &mut chars)? {
            Item::Range(last, _) if first <= last => items.push(Item::Range(first, last)),
            Item::Range(last, _) => return Err(CharClassError::Backwards(first, last)),
            _ => return Err(CharClassError::Endless(first)),
        }
    }
    Ok(items)
}

fn member(c: char, rest: &mut impl Iterator<Item = char>) -> Result<Item, CharClassError> {
    if c != '\\' {
        return Ok(Item::Range(c, c));
    }
    Ok(match rest.next().ok_or(CharClassError::LoneBackslash)? {
        'd' => Item::Digit(true),
        'D' => Item::Digit(false),
        'w' => Item::Word(true),
        'W' => Item::Word(false),
        's' => Item::Space(true),
        'S' => Item::Space(false),
        'n' => Item::Range('\n', '\n'),
        't' => Item::Range('\t', '\t'),
        c if c.is_ascii_alphanumeric() => return Err(CharClassError::Escape(c)),
        c => Item::Range(c, c),
    })
}

#[cfg(test)]
mod tests;
