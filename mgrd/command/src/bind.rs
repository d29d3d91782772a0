//! Turns the words of a command into its argument values.
//!
//! First the keywords are taken out, at any position. Then the other words fill the remaining
//! arguments, from left to right.

use std::collections::VecDeque;
use std::fmt;

use serde_json::{Map, Value};

use super::arg_type::{ArgType, BadValue};
use super::argument::{Argument, Count};
use super::signature::{Signature, Slot};
use super::usage;

/// Words that older commands take as plain values, although they begin with dashes.
const CONFIRMATIONS: [&str; 4] = [
    "--force",
    "--yes-i-really-mean-it",
    "--yes-i-really-really-mean-it",
    "--yes-i-really-really-mean-it-not-faking",
];

/// Why words do not fit a command, although they begin with its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(super) struct BindError {
    pub(super) reason: String,
    /// A word that fits no argument.
    pub(super) rejected: Option<Box<Rejected>>,
}

/// A word that fits no argument, and why the last optional argument refuses it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    word: String,
    /// The argument for people.
    argument: String,
    reason: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { word, argument, reason } = self;
        write!(f, "'{word}' does not fit {argument}: {reason}")
    }
}

impl BindError {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), rejected: None }
    }
}

impl From<BadValue> for BindError {
    fn from(bad: BadValue) -> Self {
        Self::new(bad.reason)
    }
}

/// The words after the leading words of `signature`, if they begin with those.
pub(super) fn rest<'a>(signature: &Signature, words: &'a [String]) -> Option<Rest<'a>> {
    let mut words = words;
    let mut shielded = false;
    for literal in signature.leading_words() {
        if !shielded && words.first().is_some_and(|word| word == "--") {
            (words, shielded) = (&words[1..], true);
        }
        let (first, others) = words.split_first()?;
        if first != literal {
            return None;
        }
        words = others;
    }
    Some(Rest { words, shielded })
}

/// The words that follow a command's leading words.
pub(super) struct Rest<'a> {
    words: &'a [String],
    /// Whether a `--` came before them: then all of them are plain words.
    shielded: bool,
}

/// The values of the arguments, in the order of the signature.
pub(super) fn bind(
    signature: &Signature,
    rest: &Rest<'_>,
) -> Result<Map<String, Value>, BindError> {
    let mut values = Values::default();
    let plain = take_keywords(signature, rest, &mut values)?;
    let mut plain = PlainWords { words: plain, rejected: None };
    plain.fill(signature, &mut values)?;
    finish(signature, values)
}

/// The values found so far, a list for each argument.
#[derive(Default)]
struct Values<'a>(Vec<(&'a Argument, Vec<Value>)>);

impl<'a> Values<'a> {
    fn of(&self, argument: &Argument) -> &[Value] {
        let found = self.0.iter().find(|(other, _)| other.name == argument.name);
        found.map_or(&[], |(_, values)| values)
    }

    fn add(&mut self, argument: &'a Argument, values: Vec<Value>) {
        match self.0.iter_mut().find(|(other, _)| other.name == argument.name) {
            Some((_, old)) if argument.is_list() => old.extend(values),
            // If a keyword is given twice, the last value counts.
            Some((_, old)) => *old = values,
            None => self.0.push((argument, values)),
        }
    }

    /// Whether a positional word may go to `argument`.
    fn has_room(&self, argument: &Argument) -> bool {
        match argument.count {
            Count::One => self.of(argument).is_empty(),
            Count::Exactly(n) => self.of(argument).len() < n,
            Count::Many => true,
        }
    }
}

/// Takes the keywords out, and returns the other words.
fn take_keywords<'a>(
    signature: &'a Signature,
    rest: &Rest<'_>,
    values: &mut Values<'a>,
) -> Result<VecDeque<String>, BindError> {
    let mut plain = VecDeque::new();
    let mut shielded = rest.shielded;
    let mut words = rest.words.iter();
    while let Some(word) = words.next() {
        let body = word.strip_prefix("--").filter(|_| !shielded);
        let Some(body) = body else {
            plain.push_back(word.clone());
            continue;
        };
        if body.is_empty() {
            shielded = true;
            continue;
        }
        if let Some(argument) = choice_spelt(signature, word) {
            values.add(argument, vec![Value::from(word.as_str())]);
            continue;
        }
        let (key, value) = match body.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (body, None),
        };
        let Some(argument) = signature.argument(key) else {
            if CONFIRMATIONS.contains(&word.as_str()) {
                plain.push_back(word.clone());
                continue;
            }
            return Err(BindError::new(format!("Unexpected argument '{word}'")));
        };
        let value = match value {
            Some(value) => value,
            None if argument.kind == ArgType::Bool => "true",
            None => {
                words.next().ok_or_else(|| BindError::new(format!("'{word}' needs a value")))?
            }
        };
        values.add(argument, elements(argument, value, true)?);
    }
    Ok(plain)
}

/// The argument that has this word, with its dashes, among its choices.
fn choice_spelt<'a>(signature: &'a Signature, word: &str) -> Option<&'a Argument> {
    signature.arguments().find(|argument| match &argument.kind {
        ArgType::Choices(choices) => choices.contains(word),
        _ => false,
    })
}

/// The values in one word. For a list, commas split it, except in text that is given by position.
fn elements(argument: &Argument, word: &str, keyword: bool) -> Result<Vec<Value>, BadValue> {
    let whole = !argument.is_list() || (matches!(argument.kind, ArgType::String(_)) && !keyword);
    if whole {
        return Ok(vec![argument.kind.parse(word)?]);
    }
    word.split(',').map(|element| argument.kind.parse(element)).collect()
}

/// The words that are not keywords, and fill arguments by position.
struct PlainWords {
    words: VecDeque<String>,
    /// The last word that an optional argument refused.
    rejected: Option<Box<Rejected>>,
}

impl PlainWords {
    fn fill<'a>(
        &mut self,
        signature: &'a Signature,
        values: &mut Values<'a>,
    ) -> Result<(), BindError> {
        for slot in signature.tail() {
            match slot {
                Slot::Word(literal) => self.literal(literal)?,
                Slot::Arg(argument) if argument.positional => self.argument(argument, values)?,
                Slot::Arg(_) => {}
            }
        }
        if self.words.is_empty() {
            return Ok(());
        }
        let quoted: Vec<String> = self.words.iter().map(|word| format!("'{word}'")).collect();
        let reason = format!("unused arguments: [{}]", quoted.join(", "));
        let first = self.words.front();
        let rejected = self.rejected.take().filter(|rejected| Some(&rejected.word) == first);
        Err(BindError { reason, rejected })
    }

    fn literal(&mut self, literal: &str) -> Result<(), BindError> {
        match self.words.pop_front() {
            Some(word) if word == literal => Ok(()),
            Some(word) => Err(BindError::new(format!("expected '{literal}' instead of '{word}'"))),
            None => Err(BindError::new(format!("missing '{literal}'"))),
        }
    }

    fn argument<'a>(
        &mut self,
        argument: &'a Argument,
        values: &mut Values<'a>,
    ) -> Result<(), BindError> {
        while values.has_room(argument) {
            let Some(word) = self.words.front() else { break };
            match elements(argument, word, false) {
                Ok(found) => values.add(argument, found),
                // A number that is only out of range is meant for this argument.
                Err(bad) if argument.required || bad.out_of_range => return Err(bad.into()),
                Err(bad) => {
                    let (word, argument) = (word.clone(), usage::argument(argument));
                    let reason = bad.reason;
                    self.rejected = Some(Box::new(Rejected { word, argument, reason }));
                    break;
                }
            }
            self.words.pop_front();
        }
        Ok(())
    }
}

/// Checks that nothing is missing, and names the values.
fn finish(signature: &Signature, values: Values<'_>) -> Result<Map<String, Value>, BindError> {
    let mut args = Map::new();
    for argument in signature.arguments() {
        let found = values.of(argument);
        if let Some(value) = collect(argument, found.to_vec())? {
            args.insert(argument.name.clone(), value);
        }
    }
    Ok(args)
}

/// The value of an argument from its elements, `None` if it is optional and has none.
pub(super) fn collect(argument: &Argument, found: Vec<Value>) -> Result<Option<Value>, BindError> {
    let saw = found.len();
    if saw == 0 && !argument.required {
        return Ok(None);
    }
    let described = argument.describe();
    match argument.count {
        Count::One => match found.into_iter().next() {
            Some(value) => Ok(Some(value)),
            None => Err(BindError::new(format!("missing required parameter {described}"))),
        },
        Count::Many if saw == 0 => {
            Err(BindError::new(format!("saw 0 of {described}, expected at least 1")))
        }
        Count::Exactly(n) if saw != n => {
            Err(BindError::new(format!("saw {saw} of {described}, expected {n}")))
        }
        Count::Many | Count::Exactly(_) => Ok(Some(Value::Array(found))),
    }
}

#[cfg(test)]
mod tests;
