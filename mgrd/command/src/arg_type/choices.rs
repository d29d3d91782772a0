//! The words that an argument may be.

use std::fmt;

use indexmap::IndexSet;

/// The words that an argument may be, in the order of the descriptor. `Display` joins them with `|`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Choices(IndexSet<String>);

impl Choices {
    /// Reads `a|b|c`; none if a choice is empty or is there twice.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut choices = IndexSet::new();
        let good = |choice: &str| !choice.is_empty() && choices.insert(choice.to_owned());
        text.split('|').all(good).then_some(Self(choices))
    }

    pub(crate) fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iter().collect::<Vec<_>>().join("|"))
    }
}
