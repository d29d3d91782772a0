//! The character class of a `goodchars` attribute, such as `[A-Za-z0-9-_.]`.

use std::fmt;

/// A set of characters, written as one regular-expression class.
///
/// Understood are `[...]` with ranges, a leading `^` and backslash escapes, and outside brackets
/// a lone escape (`\w`) or a dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CharClass {
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
    /// A sentence that says what is wrong with it.
    pub fn parse(source: &str) -> Result<Self, String> {
        let class = |negated, items| Self { source: source.to_owned(), negated, items };
        if source == "." {
            return Ok(class(true, vec![Item::Range('\n', '\n')]));
        }
        let body = match source.strip_prefix('[') {
            Some(rest) => rest.strip_suffix(']').ok_or("the class has no closing ']'")?,
            None if source.starts_with('\\') && source.chars().count() == 2 => source,
            None => return Err("expected a character class such as [A-Za-z0-9_]".to_owned()),
        };
        let (negated, body) = match body.strip_prefix('^') {
            Some(rest) => (true, rest),
            None => (false, body),
        };
        let items = items(body)?;
        if items.is_empty() {
            Err("the class is empty".to_owned())
        } else {
            Ok(class(negated, items))
        }
    }

    /// Whether `c` is one of the class.
    #[must_use]
    pub fn contains(&self, c: char) -> bool {
        self.items.iter().any(|item| item.contains(c)) != self.negated
    }
}

impl fmt::Display for CharClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// The members of a class, without its brackets and caret.
fn items(body: &str) -> Result<Vec<Item>, String> {
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
        // A dash between two characters makes a range; a first or last one is itself.
        let mut ahead = chars.clone();
        if ahead.next() != Some('-') || ahead.peek().is_none() {
            items.push(Item::Range(first, first));
            continue;
        }
        chars.next();
        let end = chars.next().unwrap_or('-');
        match member(end, &mut chars)? {
            Item::Range(last, _) if first <= last => items.push(Item::Range(first, last)),
            Item::Range(last, _) => return Err(format!("the range {first}-{last} runs backwards")),
            _ => return Err(format!("the range after '{first}' has no end")),
        }
    }
    Ok(items)
}

fn member(c: char, rest: &mut impl Iterator<Item = char>) -> Result<Item, String> {
    if c != '\\' {
        return Ok(Item::Range(c, c));
    }
    Ok(match rest.next().ok_or("a lone backslash ends the class")? {
        'd' => Item::Digit(true),
        'D' => Item::Digit(false),
        'w' => Item::Word(true),
        'W' => Item::Word(false),
        's' => Item::Space(true),
        'S' => Item::Space(false),
        'n' => Item::Range('\n', '\n'),
        't' => Item::Range('\t', '\t'),
        c if c.is_ascii_alphanumeric() => return Err(format!("unknown escape \\{c}")),
        c => Item::Range(c, c),
    })
}

#[cfg(test)]
mod tests;
