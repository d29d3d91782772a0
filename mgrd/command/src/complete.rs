//! The completions for the word under the cursor.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::arg_type::ArgType;
use super::argument::{Argument, Count};
use super::closest::plain_words;
use super::signature::Slot;
use super::spec::CommandSpec;
use super::table::CommandTable;
use super::usage;

/// One word to offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The word.
    pub word: String,
    /// Its help, if all commands that have it here share it.
    pub help: String,
}

/// An argument at this position that takes any text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeText {
    /// The leading words of the command.
    pub prefix: String,
    /// The name of the argument.
    pub argument: String,
}

/// The completions for a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completions {
    /// Words to offer, sorted.
    pub candidates: Vec<Candidate>,
    /// The arguments that the word may also be.
    pub texts: Vec<FreeText>,
    /// If there are no candidates and only one command fits: its signature and help.
    pub hint: Option<String>,
}

impl CommandTable {
    /// The words that can stand after `words` and begin with `current`.
    #[must_use]
    pub fn complete(&self, words: &[String], current: &str) -> Completions {
        let words: Vec<&str> = plain_words(words).collect();
        let mut offers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut left: Vec<&Arc<CommandSpec>> = Vec::new();
        let mut texts = Vec::new();
        for spec in self.iter().filter(|spec| spec.is_listed()) {
            let Some(next) = expected(spec, &words) else { continue };
            left.push(spec);
            let text =
                |argument: &str| FreeText { prefix: spec.prefix(), argument: argument.into() };
            for text in next.texts().map(text) {
                // Overloads may have the same argument there.
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            for word in next.words().filter(|word| word.starts_with(current)) {
                let helps = offers.entry(word).or_default();
                if !helps.contains(&spec.help.as_str()) {
                    helps.push(&spec.help);
                }
            }
        }
        let candidates = offers.into_iter().map(|(word, helps)| Candidate {
            word,
            help: if let [help] = helps[..] { help.to_owned() } else { String::new() },
        });
        let candidates: Vec<Candidate> = candidates.collect();
        let hint = match left[..] {
            [spec] if candidates.is_empty() => Some(usage::with_help(&spec.usage(), &spec.help)),
            _ => None,
        };
        Completions { candidates, texts, hint }
    }
}

/// The slots of a command that the next word may go to.
struct Expected<'a> {
    next: Vec<&'a Slot>,
    keywords: Vec<&'a Argument>,
}

impl Expected<'_> {
    fn texts(&self) -> impl Iterator<Item = &str> {
        self.next.iter().filter_map(|slot| match slot {
            Slot::Arg(argument) if !matches!(argument.kind, ArgType::Choices(_)) => {
                Some(argument.name.as_str())
            }
            _ => None,
        })
    }

    fn words(&self) -> impl Iterator<Item = String> {
        let keywords = self.keywords.iter().map(|argument| usage::keyword(argument));
        self.next.iter().flat_map(|slot| words_of(slot)).chain(keywords)
    }
}

fn words_of(slot: &Slot) -> Vec<String> {
    match slot {
        Slot::Word(word) => vec![word.clone()],
        Slot::Arg(argument) => match &argument.kind {
            ArgType::Choices(choices) => choices.iter().map(str::to_owned).collect(),
            _ => Vec::new(),
        },
    }
}

/// What a command expects after `words`, `None` if they do not fit it.
fn expected<'a>(spec: &'a CommandSpec, words: &[&str]) -> Option<Expected<'a>> {
    let signature = &spec.signature;
    let (lead, rest) = words.split_at(words.len().min(signature.leading_words().count()));
    if !signature.leading_words().zip(lead).all(|(literal, word)| literal == *word) {
        return None;
    }
    if let Some(slot) =
        signature.slots().get(lead.len()).filter(|slot| matches!(slot, Slot::Word(_)))
    {
        return Some(Expected { next: vec![slot], keywords: Vec::new() });
    }
    let mut cursor = Cursor { tail: signature.tail(), at: 0, seen: 0, given: Vec::new() };
    let mut rest = rest.iter();
    while let Some(word) = rest.next() {
        let body = word.strip_prefix("--").filter(|body| !body.is_empty());
        let key = body.map(|body| body.split_once('=').map_or(body, |(key, _)| key));
        if let Some(argument) = key.and_then(|key| signature.argument(key))
            && !words_of(&Slot::Arg(argument.clone())).iter().any(|choice| choice == word)
        {
            cursor.given.push(&argument.name);
            let takes_next = argument.kind != ArgType::Bool && !word.contains('=');
            if takes_next && rest.next().is_none() {
                // The word under the cursor is this keyword's value.
                let next = signature.slots().iter();
                let next = next.filter(|slot| matches!(slot, Slot::Arg(a) if a == argument));
                return Some(Expected { next: next.collect(), keywords: Vec::new() });
            }
        } else if !cursor.assign(word) {
            return None;
        }
    }
    Some(cursor.finish(spec))
}

/// A walk along the slots after a command's leading words.
struct Cursor<'a> {
    tail: &'a [Slot],
    at: usize,
    /// How many words the current slot has taken.
    seen: usize,
    given: Vec<&'a str>,
}

impl<'a> Cursor<'a> {
    /// Assigns the next word to the first slot that takes it.
    fn assign(&mut self, word: &str) -> bool {
        while let Some(slot) = self.tail.get(self.at) {
            let (fits, most, must) = match slot {
                Slot::Word(literal) => (literal == word, 1, true),
                Slot::Arg(argument) if self.is_closed(argument) => (false, 0, false),
                Slot::Arg(argument) => {
                    let most = match argument.count {
                        Count::One => 1,
                        Count::Exactly(n) => n,
                        Count::Many => usize::MAX,
                    };
                    let must = argument.required && self.seen == 0;
                    (argument.kind.parse(word).is_ok(), most, must)
                }
            };
            if fits && self.seen < most {
                self.seen += 1;
                if self.seen == most {
                    self.advance();
                }
                return true;
            }
            if must {
                return false;
            }
            self.advance();
        }
        false
    }

    fn advance(&mut self) {
        self.at += 1;
        self.seen = 0;
    }

    fn is_closed(&self, argument: &Argument) -> bool {
        !argument.positional || self.given.contains(&argument.name.as_str())
    }

    /// The slots up to the first that must be filled, and all flags not yet given.
    fn finish(self, spec: &'a CommandSpec) -> Expected<'a> {
        let mut next = Vec::new();
        for (i, slot) in self.tail.iter().enumerate().skip(self.at) {
            match slot {
                Slot::Arg(argument) if self.is_closed(argument) => continue,
                _ => next.push(slot),
            }
            let begun = i == self.at && self.seen > 0;
            if !begun && !matches!(slot, Slot::Arg(argument) if !argument.required) {
                break;
            }
        }
        let flag = |a: &&Argument| a.kind == ArgType::Bool || !a.positional;
        let free = |a: &&Argument| !self.given.contains(&a.name.as_str());
        let keywords = spec.signature.arguments().filter(flag).filter(free).collect();
        Expected { next, keywords }
    }
}

#[cfg(test)]
mod tests;
