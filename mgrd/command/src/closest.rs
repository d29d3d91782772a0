//! The commands that are closest to words that match none.

use super::arg_type::ArgType;
use super::argument::Count;
use super::short::{QUOTED_BYTES, short};
use super::signature::{Signature, Slot};
use super::table::CommandTable;

/// How many commands a hint names.
const MAX_HINTS: usize = 10;

/// How many typing mistakes the first word may have for a hint. In a short word, they leave too little
/// that is alike.
const MAX_TYPOS: usize = 2;

/// How many letters a word has for each of its typing mistakes.
const LETTERS_FOR_A_TYPO: usize = 3;

/// The longest word, in bytes, in which typing mistakes are counted. Counting takes the product of
/// both lengths.
const MAX_WORD: usize = 64;

/// How many words of a command are compared with those of the client.
const MAX_WORDS: usize = 8;

/// The signatures of the closest commands, best first. Here the last word may be abbreviated; when
/// a command is run, no word may be.
pub(super) fn usages(table: &CommandTable, words: &[String]) -> Vec<String> {
    let words: Vec<&str> = plain_words(words).collect();
    let ranked = table.iter().filter(|spec| spec.is_listed()).map(|spec| {
        let whole = required_matched(&spec.signature, &words, false);
        let partial = required_matched(&spec.signature, &words, true);
        // In half points: an exact match is worth a little more.
        let score = 2 * partial + usize::from(whole == partial);
        (score, mistakes(&spec.signature, &words), spec)
    });
    let mut ranked: Vec<_> = ranked.collect();
    let top = ranked.iter().map(|(score, ..)| *score).max().unwrap_or(0);
    // If the first word does not fit, only commands with a similar first word are useful.
    let letters = words.first().map_or(0, |word| word.chars().count());
    let most = (letters / LETTERS_FOR_A_TYPO).clamp(1, MAX_TYPOS);
    let far = |mistakes: &[usize]| top <= 1 && mistakes.first() > Some(&most);
    ranked.retain(|(score, mistakes, _)| *score == top && !far(mistakes));
    ranked.sort_by(|(_, a, _), (_, b, _)| a.cmp(b));
    ranked.iter().take(MAX_HINTS).map(|(.., spec)| short(&spec.usage(), QUOTED_BYTES)).collect()
}

/// The words without the first `--`.
pub(super) fn plain_words(words: &[String]) -> impl Iterator<Item = &str> {
    let dashes = words.iter().position(|word| word == "--");
    let kept = words.iter().enumerate().filter(move |(i, _)| Some(*i) != dashes);
    kept.map(|(_, word)| word.as_str())
}

/// How many typing mistakes separate the words from those of a command, word by word.
fn mistakes(signature: &Signature, words: &[&str]) -> Vec<usize> {
    let pairs = signature.leading_words().zip(words).take(MAX_WORDS);
    pairs.map(|(literal, word)| typos(literal, word)).collect()
}

/// How many typing mistakes separate two words. Words that are not alike differ in all letters.
fn typos(literal: &str, word: &str) -> usize {
    if literal == word {
        return 0;
    }
    let (least, most) = (literal.len().min(word.len()), literal.len().max(word.len()));
    // A character has up to four bytes.
    if most - least > 4 * MAX_TYPOS || most > MAX_WORD {
        return most;
    }
    strsim::osa_distance(literal, word)
}

/// How many required slots the words fill from the left, up to the first that does not fit.
/// With `partial` the last word may be the beginning of a word or choice.
pub(super) fn required_matched<S: AsRef<str>>(
    signature: &Signature,
    words: &[S],
    partial: bool,
) -> usize {
    let mut words = words;
    let mut matched = 0;
    for slot in signature.slots() {
        let (required, most) = match slot {
            Slot::Word(_) => (true, 1),
            Slot::Arg(argument) => match argument.count {
                Count::One => (argument.required, 1),
                Count::Exactly(n) => (argument.required, n),
                Count::Many => (argument.required, usize::MAX),
            },
        };
        let mut seen = 0;
        while seen < most {
            let Some((word, others)) = words.split_first() else { return matched };
            match fits(slot, word.as_ref(), partial && others.is_empty()) {
                true => words = others,
                false if required => return matched,
                // An optional slot leaves the word to the next one.
                false => break,
            }
            seen += 1;
        }
        matched += usize::from(required);
    }
    matched
}

fn fits(slot: &Slot, word: &str, partial: bool) -> bool {
    match slot {
        Slot::Word(literal) if partial => literal.starts_with(word),
        Slot::Word(literal) => literal == word,
        Slot::Arg(argument) => match &argument.kind {
            ArgType::Choices(choices) if partial => choices.iter().any(|c| c.starts_with(word)),
            // The reason of a refusal would quote all choices.
            ArgType::Choices(choices) => choices.contains(word),
            kind => kind.parse(word).is_ok(),
        },
    }
}

#[cfg(test)]
mod tests;
